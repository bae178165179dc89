import { createRandom, draw, type Random } from '#base/random.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';

type Entry = FaultScriptInput['faults'][number];
type Make = (chance: (max: number) => number) => Omit<Entry, 'at'>;

const orderPath = { oanda: '/orders', binance: '/fapi/v1/(order|algoOrder)' } as const;
const accountStream = { oanda: 'transactions', binance: 'private' } as const;

/** Faults that every venue can have, with chances of their own. */
function commonFaults(venue: 'oanda' | 'binance'): readonly Make[] {
  const match = { method: 'POST', path: orderPath[venue] } as const;
  const stream = accountStream[venue];
  return [
    () => ({ times: 1, match, fault: { type: 'loseAnswer' } }),
    () => ({ times: 1, match, fault: { type: 'loseRequest' } }),
    (chance) => ({ times: 1, match, fault: { type: 'delayAnswer', ms: chance(30_000) } }),
    (chance) => ({ times: 1, match, fault: { type: 'silence', isCarriedOut: chance(2) === 0 } }),
    (chance) => ({ times: 1, match, fault: { type: 'answer', status: 504, isCarriedOut: chance(2) === 0 } }),
    (chance) => ({
      times: 1 + chance(3),
      match: { method: 'GET' },
      fault: { type: 'answer', status: 500, body: '{}' },
    }),
    (chance) => ({ for: 1_000 + chance(60_000), fault: { type: 'disconnect' } }),
    (chance) => ({ for: 1_000 + chance(120_000), fault: { type: 'stall', stream } }),
    (chance) => ({ for: 60_000 + chance(600_000), fault: { type: 'duplicate', fraction: 0.1 + chance(5) / 10 } }),
    (chance) => ({ for: 60_000, fault: { type: 'reorder', windowMs: 1 + chance(2_000), stream } }),
    (chance) => ({ fault: { type: 'drop', stream, count: 1 + chance(4) } }),
    (chance) => ({ for: 120_000, fault: { type: 'chop', bytesMax: 1 + chance(17) } }),
  ];
}

const oandaFaults: readonly Make[] = [
  (chance) => act('externalOrder', { instrument: 'EUR_USD', units: chance(2) === 0 ? '300' : '-300' }),
  () => act('cancelNext', { reason: 'MARKET_HALTED' }),
  () => act('rejectNext', { reason: 'INSUFFICIENT_MARGIN' }),
  () => act('fillBeforeCancel', { times: 2 }),
  (chance) => act('hideOrders', { ms: chance(20_000) }),
  (chance) => act('skipTransactions', { count: 1 + chance(20) }),
  () => act('transfer', { amount: '12.5' }),
  (chance) => act('gap', { instrument: 'EUR_USD', pips: chance(60) - 30 }),
];

const binanceFaults: readonly Make[] = [
  (chance) => act('externalOrder', { symbol: 'BTCUSDT', side: chance(2) === 0 ? 'BUY' : 'SELL', quantity: '0.010' }),
  () => act('closeElsewhere', { symbol: 'BTCUSDT' }),
  () => act('expireListenKey', { isSilent: true }),
  () => act('deleteListenKey'),
  (chance) => act('dropUserEvents', { count: 1 + chance(3) }),
  () => act('duplicateFills', { count: 3 }),
  (chance) => act('hideOrders', { ms: chance(20_000) }),
  () => act('acceptThenLose', { count: 1 }),
  () => act('refuseOrders', { code: -2019, count: 1 }),
  () => act('rejectNextTrigger', { count: 1 }),
  (chance) => act('gapMarket', { symbol: 'BTCUSDT', ticks: chance(120_000) - 60_000 }),
  (chance) => act('partialFills', { steps: chance(2) === 0 ? null : 50 }),
];

function act(action: string, parameters: Readonly<Record<string, unknown>> = {}): Omit<Entry, 'at'> {
  return { fault: { type: 'venue', action, ...parameters } };
}

/** So many faults of a venue drawn from a seed, over a span that begins after the opening and ends before the rest. */
export function swarmScript(venue: 'oanda' | 'binance', seed: number, spanMs: number): FaultScriptInput {
  const random = createRandom(seed, `swarm ${venue}`);
  const chance = chanceOf(random);
  const kinds = [...commonFaults(venue), ...(venue === 'oanda' ? oandaFaults : binanceFaults)];
  // Half of the kinds rest in every run, so that some runs are all of one trouble.
  const awake = kinds.filter(() => chance(2) === 0);
  const faults: Entry[] = [];
  for (let index = 0; index < 14 && awake.length > 0; index += 1) {
    const make = awake[chance(awake.length)];
    if (make !== undefined) faults.push({ ...make(chance), at: 30_000 + chance(spanMs) });
  }
  return { seed, faults: faults.sort((left, right) => left.at - right.at) };
}

export function chanceOf(random: Random): (max: number) => number {
  return (max) => Math.floor(draw(random, 'swarm') * max);
}
