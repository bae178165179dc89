import fc from 'fast-check';
import {
  amend,
  cancel,
  eurJpy,
  eurUsd,
  minuteMs,
  showBar,
  showQuote,
  showTime,
  submit,
  usdJpy,
  type VenueScene,
} from './venue-scene.ts';

/** One thing that may happen to a venue; `kind` says what, the numbers are read as that needs them. */
export interface VenueStep {
  readonly kind: 'bars' | 'quote' | 'market' | 'limit' | 'stop' | 'reduce' | 'reduceStop' | 'cancel' | 'amend' | 'wait';
  readonly isBuy: boolean;
  readonly isYen: boolean;
  readonly size: number;
  readonly move: number;
  readonly width: number;
}

export const stepArbitrary: fc.Arbitrary<VenueStep> = fc.record({
  kind: fc.constantFrom(
    'bars',
    'bars',
    'bars',
    'quote',
    'market',
    'market',
    'limit',
    'stop',
    'reduce',
    'reduceStop',
    'cancel',
    'amend',
    'wait',
  ),
  isBuy: fc.boolean(),
  isYen: fc.boolean(),
  size: fc.integer({ min: 1, max: 3_000 }),
  move: fc.integer({ min: -400, max: 400 }),
  width: fc.integer({ min: 5, max: 300 }),
});

/** Plays steps one after the other; order ids count on from what the venue has seen. */
export function playSteps(scene: VenueScene, steps: readonly VenueStep[], check: () => void = () => undefined): void {
  if (scene.state.at === -Infinity)
    showMinute(scene, { kind: 'bars', isBuy: true, isYen: false, size: 1, move: 0, width: 5 });
  for (const step of steps) {
    playStep(scene, step);
    check();
  }
}

function playStep(scene: VenueScene, step: VenueStep): void {
  switch (step.kind) {
    case 'bars':
      showMinute(scene, step);
      break;
    case 'quote':
      showQuote(scene, scene.at + 1_000, Math.max(1_000, lastBid(scene, eurUsd) + step.move));
      break;
    case 'wait':
      showTime(scene, scene.at + step.width * minuteMs);
      break;
    case 'cancel':
      cancel(scene, anyWorkingId(scene, step));
      break;
    case 'amend':
      amendAny(scene, step);
      break;
    case 'market':
    case 'limit':
    case 'stop':
    case 'reduce':
    case 'reduceStop':
      submitStep(scene, step);
      break;
  }
}

function submitStep(scene: VenueScene, step: VenueStep): void {
  const instrument = step.isYen ? eurJpy : eurUsd;
  const sign = step.isBuy ? 1 : -1;
  const near = lastBid(scene, instrument);
  const isReduce = step.kind === 'reduce' || step.kind === 'reduceStop';
  const orderType =
    step.kind === 'limit' ? 'limit' : step.kind === 'stop' || step.kind === 'reduceStop' ? 'stop' : 'market';
  const away = orderType === 'limit' ? near - sign * step.width : near + sign * step.width;
  const entry = orderType === 'market' ? near : away;
  const bracket = { stopPrice: entry - sign * (step.width + 15), targetPrice: entry + sign * (step.width + 15) };
  submit(scene, {
    clientOrderId: `o${scene.state.orderCount}-${scene.state.at}-${scene.state.arrivals.length}`,
    instrument,
    side: step.isBuy ? 'buy' : 'sell',
    quantity: step.size,
    orderType,
    limitPrice: orderType === 'limit' ? away : null,
    stopPrice: orderType === 'stop' ? away : null,
    timeInForce: orderType !== 'stop' && step.move > 300 ? 'immediateOrCancel' : 'goodTillCancel',
    isReduceOnly: isReduce,
    purpose: isReduce ? 'exit' : 'entry',
    bracket: isReduce || step.move < -200 ? null : bracket,
  });
}

function amendAny(scene: VenueScene, step: VenueStep): void {
  const id = anyWorkingId(scene, step);
  const order = scene.state.workingById.get(id);
  const price = Math.max(1, (order?.price ?? 100_000) + step.move);
  amend(scene, id, order?.orderType === 'stop' ? { stopPrice: price } : { limitPrice: price });
}

function anyWorkingId(scene: VenueScene, step: VenueStep): string {
  const ids = [...scene.state.workingById.keys()];
  return ids[step.size % Math.max(1, ids.length)] ?? 'unknown';
}

function showMinute(scene: VenueScene, step: VenueStep): void {
  const openAt = scene.at;
  for (const instrument of [eurJpy, eurUsd, usdJpy]) {
    const open = lastBid(scene, instrument);
    const close = Math.max(1_000, open + step.move);
    const high = Math.max(open, close) + step.width;
    const low = Math.min(open, close) - step.width;
    showBar(scene, [open, high, low, close], { instrument, openAt });
  }
}

function lastBid(scene: VenueScene, instrument: string): number {
  const known = scene.state.books.get(instrument)?.bidPrice ?? 0;
  if (known > 0) return known;
  return instrument === eurUsd ? 110_000 : instrument === usdJpy ? 150_000 : 165_000;
}
