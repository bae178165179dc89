import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { traceIdOf } from '#domain/trace.ts';
import { type Cleanup, temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { operatorTrace, writeTracedRun } from '../../../tests/support/traced-run.ts';
import { readTrace, type TraceReport } from './read-trace.ts';
import { logFolder, spanFolder } from './telemetry-folders.ts';

const decisionTrace = traceIdOf({ runId: 'run-1', sequence: 2, traceparent: null });

async function tracedRun(t: Cleanup): Promise<string> {
  const folder = temporaryFolder(t);
  await writeTracedRun(folder);
  return folder;
}

/** What a report shows, in order, as `type sequence name`. */
function shown(report: TraceReport | undefined): string[] {
  return (report?.items ?? []).map((item) => {
    const name = item.type === 'log' ? item.line.event : item.type === 'span' ? item.span.name : item.event.type;
    return `${item.type} ${item.sequence ?? '–'} ${name}`;
  });
}

test('a decision is shown with what led to it, its order, its bracket, its fill and what was logged of them', async (t) => {
  const report = await readTrace(await tracedRun(t), decisionTrace);
  assert.equal(report?.traceId, decisionTrace);
  assert.deepEqual(shown(report), [
    'event 2 time.ticked',
    'decision 3 module.decided',
    'log 3 signal.generated',
    'order 4 order.submitted',
    'log 4 signal.approved',
    'log 4 order.submitted',
    'order 6 order.accepted',
    'order 7 order.filled',
    'log 7 order.filled',
    'log 7 position.opened',
  ]);
  assert.equal(report?.leftOut, 0);
});

test('a trace is found by an order, by the leg of a bracket, and by any sequence in it', async (t) => {
  const folder = await tracedRun(t);
  for (const id of ['o1', 'o1-s', '2', '3', '7', ' 4 ']) {
    assert.equal((await readTrace(folder, id))?.traceId, decisionTrace, id);
  }
});

test("an operator's request is joined with what it led to in the desk", async (t) => {
  const folder = await tracedRun(t);
  const report = await readTrace(folder, operatorTrace);
  assert.deepEqual(shown(report), [
    'span – POST /api/flatten',
    'event 9 flatten.requested',
    'log 9 flatten.requested',
    'order 10 order.submitted',
    'log 10 order.submitted',
    'order 11 order.filled',
    'log 11 order.filled',
    'log 11 position.closed',
  ]);
  assert.equal((await readTrace(folder, 'o2'))?.traceId, report?.traceId);
});

test('the journal alone is enough', async (t) => {
  const folder = await tracedRun(t);
  rmSync(logFolder(folder), { recursive: true });
  rmSync(spanFolder(folder), { recursive: true });
  assert.deepEqual(shown(await readTrace(folder, '9')), [
    'event 9 flatten.requested',
    'order 10 order.submitted',
    'order 11 order.filled',
  ]);
});

test('of what is not there nothing is shown', async (t) => {
  const folder = await tracedRun(t);
  for (const id of ['f'.repeat(32), 'o99', '99', '0', '']) assert.equal(await readTrace(folder, id), undefined, id);
});

test('a folder without a run is refused', async (t) => {
  await assert.rejects(readTrace(temporaryFolder(t), '1'), { name: 'RunError' });
});
