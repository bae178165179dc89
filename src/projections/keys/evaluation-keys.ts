import type { EvaluationSummary, EventByType } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { type KeptFloors, type KeysState, symbolOf } from './keys-state.ts';
import { parameterFields } from './parameter-fields.ts';

/** Past summaries kept of each parameter set, and how long. */
const summariesKept = 2_000;
const summariesLifeMs = 30 * 86_400_000;
/** How long the last result stands. */
const summaryLifeMs = 3_600_000;

type Evaluation = EventByType['evaluation.completed'];

/** Writes a strict result and adds it to the past of its parameter set (FX desk specification d.5). */
export function writeEvaluation(state: KeysState, event: Evaluation, change: (change: KeyChange) => void): void {
  const symbol = symbolOf(state, event.instrument);
  if (symbol === undefined) return;
  const { at, parameterKey, days, floors, isEligible } = event;
  const ts = Math.floor(at / 1000);
  const summary = summaryOf(event.summary);
  const kept = { minTrades: floors.minimumTrades, calmarMin: floors.calmarMinimum, pnlMin: floors.pnlMinimum };
  state.floors[symbol] = kept;
  const params = parameterFields(parameterKey);
  if (state.isWarm && params !== undefined) {
    const document = { ts, params, summary, gates: floorsOf(kept), eligible: isEligible ? 1 : 0, ts_ms: at };
    const value = JSON.stringify({ ...document, param_key: parameterKey, days });
    change({ type: 'set', key: `bt:rolling:summary:${symbol}`, value, ttlMs: summaryLifeMs });
  }
  const past = JSON.stringify({ ts, ts_ms: at, ...summary });
  const key = `bt:rolling:hist:${symbol}:${parameterKey}`;
  change({ type: 'push', key, value: past, keep: summariesKept, ttlMs: summariesLifeMs });
  writeCounters(symbol, event, change);
}

export function floorsOf({ minTrades, calmarMin, pnlMin }: KeptFloors): object {
  return { min_trades: minTrades, calmar_min: calmarMin, pnl_min: pnlMin };
}

function summaryOf({ trades, calmar, pnlTotal, winRate, maxDrawdown }: EvaluationSummary): object {
  return { trades, calmar, pnl_total: pnlTotal, win_rate: winRate, max_drawdown: maxDrawdown };
}

const counters = ['passes', 'fails', 'misses'] as const;

/** The counters of hysteresis, of results that tell them; journals of earlier versions do not. */
function writeCounters(symbol: string, event: Evaluation, change: (change: KeyChange) => void): void {
  const told: unknown = 'counters' in event ? event.counters : undefined;
  if (typeof told !== 'object' || told === null) return;
  for (const name of counters) {
    const count: unknown = Reflect.get(told, name);
    if (typeof count !== 'number') continue;
    change({ type: 'set', key: `opt:rolling:${name}:${symbol}`, value: String(count), ttlMs: null });
  }
}
