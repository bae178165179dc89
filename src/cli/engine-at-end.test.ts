import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import { recordedEvents } from '#runtime/read-run.ts';
import { RunError } from '#runtime/run-folder.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { openPaperDesk, stoppedDesk } from '../../tests/support/paper-desk.ts';
import { engineAtEnd } from './engine-at-end.ts';

test('the engine of a stopped desk is the same from its snapshot and from its whole journal', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  await stoppedDesk(folder);
  const fromSnapshot = engineAtEnd(folder);
  assert.equal(fromSnapshot.isWhole, true);
  rmSync(join(folder, 'snapshots'), { recursive: true });
  const fromJournal = engineAtEnd(folder);
  assert.equal(fromJournal.isWhole, true);
  assert.equal(decisionsHash(fromJournal.engine.state.hash), decisionsHash(fromSnapshot.engine.state.hash));
  assert.equal(fromJournal.engine.state.sequence, fromSnapshot.engine.state.sequence);
  assert.ok(fromJournal.engine.state.counts.decisions > 0);
});

test('a journal that ends within a step is not whole', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  await stoppedDesk(folder);
  const events = [...recordedEvents(folder)];
  const cut = events.findLastIndex(({ event }) => event.type === 'module.decided');
  const other = `${folder}-cut`;
  const journal = openJournal(join(other, 'journal'), {
    runId: JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')).runId,
    sync: 'none',
  });
  for (const { event } of events.slice(0, cut)) journal.append(event);
  await journal.close();
  cpSync(join(folder, 'run.json'), join(other, 'run.json'));
  assert.equal(engineAtEnd(other).isWhole, false);
});

test('a folder without a run is refused, and one that is decided otherwise too', async (t) => {
  const folder = temporaryFolder(t);
  assert.throws(() => engineAtEnd(folder), RunError);
  const desk = join(folder, 'desk');
  await openPaperDesk(desk).stop();
  rmSync(join(desk, 'snapshots'), { recursive: true });
  const events = [...recordedEvents(desk)].map(({ event }) => event);
  const { runId } = JSON.parse(readFileSync(join(desk, 'run.json'), 'utf8'));
  rmSync(join(desk, 'journal'), { recursive: true });
  const journal = openJournal(join(desk, 'journal'), { runId, sync: 'none' });
  for (const event of events) journal.append(event);
  journal.append({
    type: 'policy.changed',
    at: events.at(-1)?.at ?? 0,
    key: 'nothing/fx',
    version: 1,
    schemaVersion: 1,
    document: {},
    actor: 'a',
    reason: 'b',
  });
  journal.append({
    type: 'policy.refused',
    at: events.at(-1)?.at ?? 0,
    key: 'nothing/fx',
    actor: 'a',
    reason: 'another reason',
  });
  await journal.close();
  assert.throws(() => engineAtEnd(desk), /cannot be decided anew from sequence \d+ on: 'replay' names the difference/);
  writeFileSync(join(desk, 'run.json'), '{}');
  assert.throws(() => engineAtEnd(desk), /field 'format'/);
});
