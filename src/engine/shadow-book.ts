import type { InstrumentId } from '#domain/instrument.ts';
import type { SlotName, SlotValues } from '#domain/pipeline.ts';
import { notionalPerUnit } from './account.ts';
import { contextFor, type Engine } from './engine.ts';
import { allocationDefault, gateDefault, planDefault } from './house-defaults.ts';
import { midPrice } from './market.ts';
import { strategyOf } from './policy-view.ts';
import { runSlot, type SlotRun } from './run-slot.ts';
import type { ShadowBook } from './state.ts';

/** What a module in SHADOW would have put in its slot. */
export interface ShadowProposal {
  readonly module: string;
  readonly slot: SlotName;
  readonly value: SlotValues[SlotName];
}

/** The way to targets; a shadow of any of these slots leads to a virtual position. */
const towardTargets = ['universe', 'signal', 'gate', 'plan', 'allocation', 'risk'] as const;
type TargetSlot = (typeof towardTargets)[number];

/**
 * Scores modules in SHADOW. For each, the slots below its own run once more, read-only, from its proposal on; the targets go
 * into a virtual ledger marked at mids and charged half the spread on every change. Policy bounds how many are scored.
 */
export function scoreShadows(engine: Engine, proposals: readonly ShadowProposal[]): void {
  const { state, policies } = engine;
  if (policies === undefined || proposals.length === 0) return;
  let scored = 0;
  for (const proposal of proposals) {
    const slot = towardTargets.find((name) => name === proposal.slot);
    if (slot === undefined) continue;
    if (scored >= policies.desk.shadowLimit) return;
    scored += 1;
    const book = bookOf(engine, proposal);
    mark(engine, book);
    book.decisions += 1;
    for (const target of targetsFrom(engine, slot, proposal.value))
      trade(engine, book, target.instrument, target.signedQuantity);
    state.shadowBooks[proposal.module] = book;
  }
}

function bookOf({ state }: Engine, proposal: ShadowProposal): ShadowBook {
  return state.shadowBooks[proposal.module] ?? { slot: proposal.slot, positions: {}, pnl: 0, cost: 0, decisions: 0 };
}

function targetsFrom(engine: Engine, start: TargetSlot, value: SlotValues[SlotName]): SlotValues['risk'] {
  const { state, slots, policies } = engine;
  if (policies === undefined) return [];
  const run: SlotRun = {
    state,
    contextOf: (module) => contextFor(engine, module.name),
    onCall: () => undefined,
    onShadow: () => undefined,
  };
  const values: Partial<SlotValues> = { [start]: value };
  const universe = values.universe ?? runSlot('universe', slots.universe, state.instrumentIds, run);
  const isIn = new Set(universe);
  const signals = values.signal ?? runSlot('signal', slots.signal, [], run);
  const gated =
    values.gate ??
    runSlot(
      'gate',
      slots.gate,
      gateDefault(
        state,
        signals.filter((item) => isIn.has(item.instrument)),
        policies.limits,
      ),
      run,
    );
  const planned =
    values.plan ??
    runSlot(
      'plan',
      slots.plan,
      planDefault(state, gated, (id) => strategyOf(policies, id)),
      run,
    );
  const targets =
    values.allocation ?? runSlot('allocation', slots.allocation, allocationDefault(state, planned, policies.desk), run);
  return values.risk ?? runSlot('risk', slots.risk, targets, run);
}

function mark(engine: Engine, book: ShadowBook): void {
  const { state, policies } = engine;
  if (policies === undefined) return;
  for (const id of state.instrumentIds) {
    const held = book.positions[id];
    const mid = midPrice(state.markets[id]);
    const unit = notionalPerUnit(state, id, policies.desk);
    if (held === undefined || mid === undefined || unit === undefined) continue;
    book.pnl += held.signedQuantity * unit * ((mid - held.price) / mid);
    held.price = mid;
  }
}

function trade(engine: Engine, book: ShadowBook, id: InstrumentId, signedQuantity: number): void {
  const { state, policies } = engine;
  const market = state.markets[id];
  const mid = midPrice(market);
  if (market === undefined || mid === undefined || policies === undefined) return;
  const before = book.positions[id]?.signedQuantity ?? 0;
  const unit = notionalPerUnit(state, id, policies.desk) ?? 0;
  const half = (market.askPrice - market.bidPrice) / 2 / mid;
  book.cost += Math.abs(signedQuantity - before) * unit * half;
  book.positions[id] = { signedQuantity, price: mid };
}
