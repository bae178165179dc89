import type { EventByType } from '#domain/events.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { recordOf } from '#domain/records/record-tables.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { type MoneyBasis, moneyOf, type RecordsState } from './records-state.ts';

type Change = (change: RecordChange) => void;

export function recordRun(
  state: RecordsState,
  started: EventByType['run.started'],
  { sequence, root }: TailEntry,
  change: Change,
): void {
  state.run = { started, sequence, traceId: traceIdOf(root) };
  for (const record of runRecords(state)) change(record);
}

/** A change of a policy counts as applied until the event that refuses it. */
export function recordPolicy(
  state: RecordsState,
  event: EventByType['policy.changed'],
  { sequence, root }: TailEntry,
  change: Change,
): void {
  const row = {
    sequence,
    at: event.at,
    key: event.key,
    version: event.version,
    schema_version: event.schemaVersion,
    document: JSON.stringify(event.document),
    actor: event.actor,
    reason: event.reason,
    outcome: 'applied',
    refusal: null,
    trace_id: traceIdOf(root),
  };
  state.policy = { row, moneyBefore: state.money };
  change(recordOf('policy_history', row));
  if (event.key === `desk/${state.run?.started.desk ?? ''}`) countMoney(state, moneyIn(event, state.money), change);
}

/** The engine refuses a change right after it, among the events of the same input. */
export function recordRefusal(
  state: RecordsState,
  event: EventByType['policy.refused'],
  { root }: TailEntry,
  change: Change,
): void {
  const { policy } = state;
  if (policy === null || policy.row.key !== event.key || policy.row.sequence !== root.sequence) return;
  state.policy = null;
  change(recordOf('policy_history', { ...policy.row, outcome: 'refused', refusal: event.reason }));
  countMoney(state, policy.moneyBefore, change);
}

function moneyIn({ document }: EventByType['policy.changed'], before: MoneyBasis): MoneyBasis {
  const { accountCurrency, moneyDecimals } = document;
  return {
    accountCurrency: typeof accountCurrency === 'string' ? accountCurrency : before.accountCurrency,
    decimals: typeof moneyDecimals === 'number' ? moneyDecimals : before.decimals,
  };
}

/** The run's balance can be told once it is known how money is counted. */
function countMoney(state: RecordsState, money: MoneyBasis, change: Change): void {
  const { accountCurrency, decimals } = state.money;
  if (accountCurrency === money.accountCurrency && decimals === money.decimals) return;
  state.money = money;
  for (const record of runRecords(state)) change(record);
}

function runRecords(state: RecordsState): RecordChange[] {
  if (state.run === null) return [];
  const { started, sequence, traceId } = state.run;
  return [
    recordOf('runs', {
      kind: started.kind,
      desk: started.desk,
      seed: started.seed,
      start_balance: moneyOf(state, started.startBalance),
      account_currency: state.money.accountCurrency,
      records_facts: started.recordsFacts,
      config_hash: started.configHash,
      data_hash: started.dataHash,
      code_version: started.codeVersion,
      started_at: started.at,
      sequence,
      trace_id: traceId,
    }),
  ];
}
