import type { Event, EventByType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { RecordChange, RecordValue } from '#domain/records/record-change.ts';
import { type RecordTableName, recordTable } from '#domain/records/record-tables.ts';
import { recordsProjection } from '#projections/records/records-projection.ts';
import type { RecordsState } from '#projections/records/records-state.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { createTraceState, traceEvent } from '#projections/trace-fold.ts';

type Row = Readonly<Record<string, RecordValue>>;

/** The tables that changes leave behind, without a database. */
export class RecordFold {
  state: RecordsState = recordsProjection.initial();
  readonly #rows = new Map<string, RecordChange>();

  /** Folds entries in and returns what changed. */
  fold(entries: readonly TailEntry[]): RecordChange[] {
    const changes: RecordChange[] = [];
    for (const entry of entries) recordsProjection.project(this.state, entry, (change) => void changes.push(change));
    for (const change of changes) this.#rows.set(keyOf(change), change);
    return changes;
  }

  /** Forgets everything but what a sink would have kept of the fold. */
  restart(): void {
    this.state = JSON.parse(JSON.stringify(this.state));
  }

  /** Rows of a table in the order in which their keys first came. */
  rows(table: RecordTableName): Row[] {
    return [...this.#rows.values()].filter((change) => change.table === table).map(({ row }) => row);
  }

  /** Everything, for comparison. */
  content(): Map<string, RecordChange> {
    return this.#rows;
  }
}

/** A fold of events as a follower of a journal sees them, counted from 1. */
export function foldOf(events: readonly Event[]): RecordFold {
  const fold = new RecordFold();
  fold.fold(entriesOf(events));
  return fold;
}

export function entriesOf(events: readonly Event[]): TailEntry[] {
  const state = createTraceState('run');
  return events.map((event, index) => traceEvent(state, index + 1, event));
}

/** The first event of a run whose account has 100 000 dollars, counted in millionths. */
export const started: EventByType['run.started'] = {
  type: 'run.started',
  at: 1_000,
  runId: 'run',
  kind: 'paper',
  desk: 'fx',
  seed: 7,
  startBalance: 100_000_000_000,
  recordsFacts: true,
  configHash: 'c',
  dataHash: 'd',
  codeVersion: 'v',
};

export function policyOf(
  document: Readonly<Record<string, unknown>>,
  changes: Partial<EventByType['policy.changed']> = {},
): EventByType['policy.changed'] {
  const common = { at: 1_000, key: 'desk/fx', version: 1, schemaVersion: 1, actor: 'run', reason: 'start' };
  return { type: 'policy.changed', ...common, document, ...changes };
}

export function listedOf(symbol: string): EventByType['instrument.listed'] {
  const instrument = fxInstrument(symbol);
  return { type: 'instrument.listed', at: 1_000, instrument, hasVolume: true, priceBasis: 'bid' };
}

/** A run, its euro and yen, and its money: three entries and a policy before anything happens, so the next one has sequence 5. */
export const setUp: readonly Event[] = [
  started,
  listedOf('EUR_USD'),
  listedOf('USD_JPY'),
  policyOf({ accountCurrency: 'USD', moneyDecimals: 6 }),
];

function keyOf({ table, row }: RecordChange): string {
  return JSON.stringify([table, ...recordTable(table).key.map((column) => row[column] ?? null)]);
}
