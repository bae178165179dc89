import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';

type Entry = FaultScriptInput['faults'][number];

const second = 1_000;
const minute = 60 * second;
const orders = { method: 'POST', path: '/fapi/v1/order' } as const;
const conditional = { method: 'POST', path: '/fapi/v1/algoOrder' } as const;

/** The hour of the day in milliseconds. */
function hours(count: number): number {
  return Math.round(count * 3_600_000);
}

/** At a time of the day the venue does something by itself. */
function act(at: number, action: string, parameters: Readonly<Record<string, unknown>> = {}): Entry {
  return { at, fault: { type: 'venue', action, ...parameters } };
}

function refused(at: number, code: number, times = 2): Entry {
  return act(at, 'refuseOrders', { code, count: times });
}

/** An answer in place of the venue's own; the two truths are told apart by whether it was carried out. */
function answered(at: number, fault: { status: number; body?: string; isCarriedOut?: boolean }, times = 2): Entry {
  return { at, times, match: orders, fault: { type: 'answer', ...fault } };
}

const unknown503 = '{"code":-1000,"msg":"Unknown error, please check your request or try again later."}';

/**
 * Everything that Binance and the way to it can do wrong, on one day of trading: faults of orders and protection (F01 to F24, F117, F118), of streams (F27 to F46), of limits and
 * time (F47 to F58), of the account (F59 to F72) and of numbers and market data (F73 to F86). The last one is over an hour before the day is.
 */
export const cryptoDayFaults: FaultScriptInput = {
  seed: 13,
  faults: [
    // Orders and their outcomes.
    { at: hours(0.5), times: 2, match: orders, fault: { type: 'loseAnswer' } },
    { at: hours(0.7), times: 2, match: orders, fault: { type: 'loseRequest' } },
    { at: hours(0.9), times: 2, match: conditional, fault: { type: 'loseAnswer' } },
    { at: hours(1.1), times: 2, match: conditional, fault: { type: 'loseRequest' } },
    answered(hours(1.3), { status: 503, body: unknown503, isCarriedOut: true }),
    answered(hours(1.4), { status: 503, body: unknown503 }),
    answered(hours(1.5), { status: 503, body: '{"msg":"Service Unavailable."}' }),
    answered(hours(1.6), { status: 503, body: '<html>bad gateway</html>', isCarriedOut: true }),
    answered(hours(1.7), {
      status: 408,
      body: '{"code":-1007,"msg":"Timeout waiting for response from backend server."}',
      isCarriedOut: true,
    }),
    answered(hours(1.8), { status: 504, isCarriedOut: true }),
    answered(hours(1.9), { status: 200, body: '<html>', isCarriedOut: true }),
    { at: hours(2), times: 2, match: orders, fault: { type: 'silence', isCarriedOut: true } },
    { at: hours(2.1), times: 2, match: orders, fault: { type: 'delayAnswer', ms: 20 * second } },
    act(hours(2.3), 'hideOrders', { ms: 20 * second }),
    act(hours(2.3), 'acceptThenLose', { count: 2 }),
    act(hours(2.4), 'hideOrders', { ms: 0 }),
    act(hours(2.6), 'acceptThenLose', { count: 1, what: 'order' }),
    refused(hours(2.8), -2019),
    refused(hours(2.9), -1008),
    refused(hours(3), -2027),
    refused(hours(3.1), -1111, 1),
    refused(hours(3.2), -1021, 1),
    act(hours(3.4), 'duplicateFills', { count: 6 }),
    act(hours(3.5), 'replayFills', { count: 20 }),
    act(hours(3.6), 'dropUserEvents', { count: 3 }),
    act(hours(3.8), 'partialFills', { steps: 400 }),
    act(hours(5), 'partialFills', { steps: null }),
    act(hours(5.1), 'rejectNextTrigger', { count: 1 }),
    act(hours(5.1), 'gapMarket', { symbol: 'BTCUSDT', ticks: 60_000 }),
    act(hours(5.2), 'unknownStatus', { count: 1 }),
    act(hours(5.3), 'reduceQuantity', { count: 1 }),
    // Other hands, the venue among them.
    act(hours(6), 'externalOrder', { symbol: 'BTCUSDT', side: 'BUY', quantity: '0.050' }),
    act(hours(6.2), 'externalOrder', { symbol: 'ETHUSDT', side: 'SELL', quantity: '0.500', price: '9999.00' }),
    act(hours(6.4), 'externalCancel', { symbol: 'ETHUSDT' }),
    act(hours(6.6), 'closeElsewhere', { symbol: 'BTCUSDT' }),
    act(hours(6.8), 'pendingLiquidation', { symbol: 'BTCUSDT' }),
    act(hours(9), 'deposit', { amount: '500' }),
    act(hours(9.1), 'withdraw', { amount: '200.5' }),
    // Streams.
    { at: hours(7), for: 2 * minute, fault: { type: 'stall', stream: 'private' } },
    { at: hours(7.2), for: 90 * second, fault: { type: 'stall', stream: 'public' } },
    { at: hours(7.4), for: 3 * minute, fault: { type: 'stall', stream: 'market' } },
    { at: hours(7.6), for: 40 * second, fault: { type: 'disconnect' } },
    { at: hours(8.1), for: hours(1), fault: { type: 'duplicate', fraction: 0.3 } },
    { at: hours(8.1), for: hours(1), fault: { type: 'reorder', windowMs: 2_000, stream: 'market' } },
    act(hours(9.3), 'expireListenKey', { isTimeText: true }),
    act(hours(9.5), 'expireListenKey', { isTimeText: false }),
    act(hours(9.7), 'expireListenKey', { isSilent: true }),
    act(hours(10), 'deleteListenKey'),
    { at: hours(10.2), fault: { type: 'inject', text: '{"e":"SOMETHING_NEW","E":1}' } },
    { at: hours(10.3), fault: { type: 'inject', text: '{"e":"ORDER_TRADE_UPDATE"' } },
    // Limits, bans and time.
    {
      at: hours(10.5),
      times: 2,
      match: { method: 'GET' },
      fault: {
        type: 'answer',
        status: 429,
        headers: { 'retry-after': '3' },
        body: '{"code":-1003,"msg":"Too many requests."}',
      },
    },
    act(hours(10.7), 'banAddress', { ms: 2 * minute }),
    {
      at: hours(11),
      times: 3,
      match: { method: 'GET' },
      fault: { type: 'answer', status: 403, body: '<html>blocked</html>' },
    },
    act(hours(11.2), 'skewClock', { ms: 1_200 }),
    act(hours(11.6), 'skewClock', { ms: -700 }),
    act(hours(11.9), 'skewClock', { ms: 0 }),
    act(hours(12.1), 'useWeight', { weight: 2_300 }),
    act(hours(12.2), 'useOrders', { count: 280 }),
    // The account.
    act(hours(14.5), 'leverageChanged', { symbol: 'BTCUSDT', leverage: 7 }),
    act(hours(14.7), 'marginTypeChanged', { symbol: 'BTCUSDT', isolated: false }),
    act(hours(15), 'hedgeMode'),
    act(hours(15.1), 'hedgeMode', { on: false }),
    act(hours(15.3), 'multiAssets'),
    act(hours(15.4), 'multiAssets', { on: false }),
    act(hours(15.6), 'revokeKey'),
    act(hours(15.65), 'revokeKey', { on: false }),
    act(hours(16.5), 'haltSymbol', { symbol: 'SOLUSDT' }),
    act(hours(16.8), 'haltSymbol', { symbol: 'SOLUSDT', on: false }),
    act(hours(17), 'changeFilters', { symbol: 'BTCUSDT', minNotional: 200 }),
    act(hours(17.2), 'marginCall', { symbol: 'ETHUSDT' }),
    // Market data that cannot be.
    act(hours(13), 'absurdPrice', { symbol: 'BTCUSDT', price: '0' }),
    act(hours(13), 'absurdPrice', { symbol: 'BTCUSDT', price: '-37.63' }),
    act(hours(13.1), 'absurdPrice', { symbol: 'BTCUSDT', price: '1000000000000' }),
    act(hours(13.2), 'crossedBook', { symbol: 'ETHUSDT' }),
    act(hours(13.3), 'emptyBook', { symbol: 'ETHUSDT' }),
    act(hours(13.4), 'reviseKline', { symbol: 'BTCUSDT', ticks: 5_000 }),
    act(hours(13.5), 'openKline', { symbol: 'BTCUSDT' }),
    act(hours(13.6), 'futureKline', { symbol: 'BTCUSDT' }),
    act(hours(13.7), 'futureKline', { symbol: 'BTCUSDT', factor: 1000 }),
    act(hours(13.8), 'divergeMark', { symbol: 'ETHUSDT', fraction: 0.1 }),
    act(hours(13.9), 'divergeMark', { symbol: 'ETHUSDT', fraction: 0 }),
    // All at once, for a while.
    { at: hours(18), for: 30 * minute, fault: { type: 'duplicate', fraction: 0.5 } },
    { at: hours(18), times: 2, match: orders, fault: { type: 'loseAnswer' } },
    { at: hours(18), times: 2, match: conditional, fault: { type: 'loseAnswer' } },
    { at: hours(18.1), for: 20 * second, fault: { type: 'disconnect' } },
    act(hours(18.2), 'dropUserEvents', { count: 4 }),
    {
      at: hours(19),
      times: 3,
      match: { method: 'GET', path: 'positionRisk' },
      fault: { type: 'answer', status: 200, body: '' },
    },
    { at: hours(19.2), times: 3, match: { method: 'GET', path: 'openAlgoOrders' }, fault: { type: 'silence' } },
    { at: hours(22), for: 10 * minute, fault: { type: 'stall' } },
  ],
};
