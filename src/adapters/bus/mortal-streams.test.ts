import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { FileStreams } from './file-streams.ts';
import { mortalStreams } from './mortal-streams.ts';

test('a driver that is cut off reaches nothing until it is mended', async () => {
  const { driver, die, revive } = mortalStreams(new FileStreams(':memory:', new HandClock()));
  const reader = driver.openReader();
  const options = { group: 'g', consumer: 'c', streams: [], count: 1, blockMs: 0 };
  assert.deepEqual(await driver.streams(), []);
  die();
  await assert.rejects(driver.streams(), { code: 'unreachable' });
  await assert.rejects(reader.read(options), { code: 'unreachable' });
  reader.close();
  revive();
  assert.deepEqual(await reader.read(options), []);
});
