import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FolderLockedError, lockFolder } from '#adapters/journal/folder-lock.ts';
import { openSyntheticDesk, temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { askAtRest, changeAtRest } from './change-at-rest.ts';
import { recordedEvents } from './read-run.ts';

test('what is decided at rest is in the journal when it is done, then what is to be done afterwards', async (t) => {
  const folder = temporaryFolder(t);
  const run = openSyntheticDesk(folder);
  await run.warmUp();
  await run.stop();
  const done: unknown[] = [];
  const result = await changeAtRest(folder, ({ engine: { state } }) => ({
    events: [{ type: 'kill.engaged', at: state.at, actor: 'ann', reason: 'lunch' }],
    result: 'engaged',
    afterwards: () => void done.push([...recordedEvents(folder)].at(-1)?.event.type),
  }));
  assert.deepEqual([result, done], ['engaged', ['kill.engaged']]);
  const length = [...recordedEvents(folder)].length;
  assert.equal(
    askAtRest(folder, ({ engine }) => engine.state.sequence),
    length,
  );
  const lock = lockFolder(folder);
  assert.throws(() => askAtRest(folder, () => 0), FolderLockedError);
  await assert.rejects(
    changeAtRest(folder, () => ({ events: [], result: 0 })),
    FolderLockedError,
  );
  lock.release();
});
