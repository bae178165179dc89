import { openJournal } from '#adapters/journal/file-journal.ts';
import { createLogger } from '#adapters/telemetry/logger.ts';
import { createTracing } from '#adapters/telemetry/tracing.ts';
import type { Event } from '#domain/events.ts';
import { parseTraceparent } from '#domain/trace.ts';
import { createDeskLogState, deskLogOf } from '#projections/desk-log.ts';
import { createTraceState, traceEvent } from '#projections/trace-fold.ts';
import { spansOf } from '#projections/trace-spans.ts';
import { createRunFolder, journalFolder } from '#runtime/run-folder.ts';
import { logFolder, spanFolder } from '#runtime/telemetry/telemetry-folders.ts';
import { childOf, fillOf, requestOf } from './desk-events.ts';
import { HandClock } from './hand-clock.ts';

const startAt = Date.parse('2025-01-06T08:00:30Z');
/** The trace in which the run's operator asks. */
export const operatorTrace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const manifest = {
  format: 1,
  runId: 'run-1',
  kind: 'paper',
  desk: 'fx',
  seed: 1,
  market: 'walk',
  instruments: ['EURUSD.OANDA'],
  startAt,
  startBalance: 1,
  codeVersion: 'v',
  dataHash: 'd',
} as const;

/** A short run, whose sequences begin with 1: a decision with its order, its bracket and its fills, and an operator who ends it. */
const tracedEvents: readonly Event[] = [
  {
    type: 'run.started',
    at: startAt,
    runId: 'run-1',
    kind: 'paper',
    desk: 'fx',
    seed: 1,
    startBalance: 1,
    recordsFacts: true,
    configHash: 'c',
    dataHash: 'd',
    codeVersion: 'v',
  },
  { type: 'time.ticked', at: startAt + 30_000 },
  {
    type: 'module.decided',
    at: startAt + 30_000,
    module: 'combined-direction',
    slot: 'signal',
    mode: 'ACTIVE',
    outcome: 'changed',
    reason: '',
    entries: [{ subject: 'EURUSD.OANDA', code: 'long', value: 0.5 }],
  },
  { type: 'order.submitted', at: startAt + 30_000, order: requestOf({ clientOrderId: 'o1' }) },
  { type: 'time.ticked', at: startAt + 60_000 },
  childOf('o1', startAt + 60_100),
  fillOf(startAt + 60_100),
  { type: 'time.ticked', at: startAt + 90_000 },
  { type: 'flatten.requested', at: startAt + 90_000, actor: 'ann', reason: 'lunch', traceparent: operatorTrace },
  {
    type: 'order.submitted',
    at: startAt + 90_000,
    order: requestOf({ clientOrderId: 'o2', side: 'sell', purpose: 'exit' }),
  },
  fillOf(startAt + 120_000, { clientOrderId: 'o2', side: 'sell' }),
];

/** Makes the run's folder with its journal, its log and its spans, as a desk would, and a request of the operator's in log and spans. */
export async function writeTracedRun(folder: string): Promise<void> {
  createRunFolder(folder, { ...manifest, instruments: [...manifest.instruments] });
  const journal = openJournal(journalFolder(folder), { runId: 'run-1' });
  for (const event of tracedEvents) journal.append(event);
  await journal.close();
  const time = new HandClock(Date.parse('2025-01-06T08:10:00Z'));
  const log = createLogger({
    level: 'debug',
    serviceName: 'desk',
    destination: { type: 'file', folder: logFolder(folder) },
    secrets: [],
    time,
    onProblem: (problem) => {
      throw new Error(problem);
    },
  });
  const tracing = createTracing({
    exporter: { type: 'file', folder: spanFolder(folder) },
    sampleRate: 1,
    serviceName: 'desk',
    time,
  });
  const fold = createTraceState('run-1');
  const entries = tracedEvents.map((event, index) => traceEvent(fold, index + 1, event));
  const state = createDeskLogState();
  for (const line of entries.flatMap((entry) => deskLogOf(state, entry))) {
    log.with(line.module)[line.level](line.event, { ...line, trace: line });
  }
  tracing.export(spansOf(entries));
  const asked = parseTraceparent(operatorTrace);
  if (asked === undefined) throw new Error('the trace of the operator is one');
  tracing.export([
    {
      ...asked,
      parentSpanId: null,
      name: 'POST /api/flatten',
      kind: 'server',
      startedAt: startAt + 89_990,
      endedAt: startAt + 90_010,
      attributes: {},
      problem: null,
    },
  ]);
  await tracing.close();
  log.close();
}
