import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { fixtureSocial, SocialRecordError } from './fixture-social.ts';

function fileWith(t: TestContext, text: string): string {
  const file = join(temporaryFolder(t), 'social.json');
  writeFileSync(file, text);
  return file;
}

const answer = { key: '/a?b=1&c=2', status: 200, headers: {}, body: '{}' };
const record = JSON.stringify({ version: 1, recordedAt: 1_000, answers: [answer] });

test('a recorded question is answered in whatever order its parameters come, another one refused', async (t) => {
  const { network } = fixtureSocial(fileWith(t, record), new HandClock());
  const ask = (url: string) => network.request({ method: 'GET', url, headers: {} }, 1_000);
  assert.equal((await ask('https://api.test/a?c=2&start_time=x&b=1')).body, '{}');
  await assert.rejects(ask('https://api.test/a?c=3'), { name: 'NetworkError', mayHaveArrived: false });
});

test('the clock begins when the record was made and goes on with the real one', (t) => {
  const clock = new HandClock(50_000);
  const { time } = fixtureSocial(fileWith(t, record), clock);
  assert.equal(time.now(), 1_000);
  clock.jump(7);
  assert.deepEqual([time.now(), time.monotonic()], [1_007, 50_007]);
});

test('a record has no streams and no sockets', async (t) => {
  const { network } = fixtureSocial(fileWith(t, record), new HandClock());
  const reasons = await new Promise<string[]>((done) => {
    const told: string[] = [];
    const onClose = (reason: string): void => {
      told.push(reason);
      if (told.length === 2) done(told);
    };
    const nothing = (): void => undefined;
    const request = { method: 'GET', url: 'https://api.test/a', headers: {} } as const;
    network.stream(request, { onOpen: nothing, onBytes: nothing, onClose }).close();
    network.socket('wss://api.test', { onOpen: nothing, onText: nothing, onPing: nothing, onClose }).send('x');
  });
  assert.deepEqual(reasons, ['a record has no streams', 'a record has no sockets']);
});

test('what is no record is refused with a sentence', (t) => {
  const open = (file: string) => () => fixtureSocial(file, new HandClock());
  assert.throws(open('/nowhere/social.json'), /expected a social record in '.*', but it cannot be read \(ENOENT\)/);
  assert.throws(open(fileWith(t, '{')), /but it is not JSON/);
  assert.throws(open(fileWith(t, '{"version":2}')), SocialRecordError);
});
