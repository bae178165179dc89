import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLogger } from '#adapters/telemetry/logger.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { SpanData } from '#domain/span-data.ts';
import { createTraceState, traceEvent } from '#projections/trace-fold.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { writeTracedRun } from '../../../tests/support/traced-run.ts';
import { recordedEvents } from '../read-run.ts';
import { folderTail } from '../tail/folder-tail.ts';
import { DeskLogFollower, type DeskLogOptions } from './desk-log-follower.ts';

interface Told {
  /** Name and sequence of each line. */
  readonly lines: readonly (readonly [string, unknown])[];
  readonly spans: readonly SpanData[];
}

/** Follows a short run to its end and gives what was told of it. */
async function follow(t: TestContext, changes: Partial<DeskLogOptions> = {}): Promise<Told> {
  const folder = join(temporaryFolder(t), 'run');
  await writeTracedRun(folder);
  const logs = temporaryFolder(t);
  const log = createLogger({
    level: 'debug',
    serviceName: 'desk',
    destination: { type: 'file', folder: logs },
    secrets: [],
    time: systemTime,
    onProblem: (problem) => assert.fail(problem),
  });
  const spans: SpanData[] = [];
  const tracing = { export: (some: readonly SpanData[]) => void spans.push(...some) };
  const options = { runId: 'run-1', toldSequence: 0, seed: undefined, isWarm: true, log, tracing, ...changes };
  const follower = new DeskLogFollower({ source: folderTail(folder), ...options });
  follower.start();
  await follower.stop();
  log.close();
  const text = readFileSync(join(logs, 'tradewind.jsonl'), 'utf8');
  const parsed = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  return { lines: parsed.map(({ event, metadata }) => [event, metadata?.sequence]), spans };
}

/** Where a projection would stand that has folded the run up to a sequence. */
async function positionAt(t: TestContext, last: number): Promise<ProjectionPosition> {
  const folder = join(temporaryFolder(t), 'run');
  await writeTracedRun(folder);
  const trace = createTraceState('run-1');
  for (const { sequence, event } of recordedEvents(folder)) {
    if (sequence <= last) traceEvent(trace, sequence, event);
  }
  return { runId: 'run-1', version: 1, sequence: last, at: 1, state: JSON.stringify({ trace, own: {} }) };
}

test('each deed is a line, and the last step is told at the stop', async (t) => {
  const { lines, spans } = await follow(t);
  assert.deepEqual(lines, [
    ['run.started', 1],
    ['signal.generated', 3],
    ['signal.approved', 4],
    ['order.submitted', 4],
    ['order.filled', 7],
    ['position.opened', 7],
    ['flatten.requested', 9],
    ['order.submitted', 10],
    ['order.filled', 11],
    ['position.closed', 11],
  ]);
  assert.ok(spans.some(({ name }) => name === 'signal combined-direction'));
  assert.ok(spans.some(({ name }) => name === 'order.filled'));
});

test('what an earlier process has told is folded in silence, and positions are known all the same', async (t) => {
  const { lines, spans } = await follow(t, { toldSequence: 9 });
  assert.deepEqual(lines, [
    ['order.submitted', 10],
    ['order.filled', 11],
    ['position.closed', 11],
  ]);
  const sequences = spans.map(({ attributes }) => attributes['tradewind.sequence']);
  assert.deepEqual(sequences, [10, 11]);
});

test('history is no span before it is warm; a desk that was warm at its start says so', async (t) => {
  assert.deepEqual((await follow(t, { isWarm: false })).spans, []);
});

test('a fold of traces that another projection has kept spares the beginning, and the ids are the same', async (t) => {
  const whole = await follow(t, { toldSequence: 9 });
  const seeded = await follow(t, { toldSequence: 9, seed: await positionAt(t, 9) });
  assert.deepEqual(
    seeded.spans.map(({ traceId, spanId, parentSpanId }) => ({ traceId, spanId, parentSpanId })),
    whole.spans.map(({ traceId, spanId, parentSpanId }) => ({ traceId, spanId, parentSpanId })),
  );
  const foreign = { ...(await positionAt(t, 9)), runId: 'another' };
  assert.deepEqual((await follow(t, { toldSequence: 9, seed: foreign })).lines, whole.lines);
});

test('a tail that cannot be read ends the log, and nothing else', async (t) => {
  const source = { head: () => Promise.reject(new Error('gone')), read: () => Promise.reject(new Error('gone')) };
  const { lines } = await follow(t, { source });
  assert.deepEqual(lines, [['log.ended', undefined]]);
});
