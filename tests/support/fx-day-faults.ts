import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';

type Entry = FaultScriptInput['faults'][number];

const second = 1_000;
const minute = 60 * second;

const orders = { method: 'POST', path: '/orders' } as const;

/** The hour of the day in milliseconds. */
function hours(count: number): number {
  return Math.round(count * 3_600_000);
}

/** From one hour of the day on: the venue does something by itself. */
function act(at: number, action: string, parameters: Readonly<Record<string, unknown>> = {}): Entry {
  return { at, fault: { type: 'venue', action, ...parameters } };
}

/**
 * Everything that OANDA and the way to it can do wrong, on one day of trading: faults of orders (F01 to F26), of streams (F32 to F46), of limits and time (F47 to F58),
 * of the account (F63 to F72) and of numbers and market data (F74 to F86). The last one is over an hour before the day is.
 */
export const fxDayFaults: FaultScriptInput = {
  seed: 11,
  faults: [
    // Streams, while nothing is traded yet and while much is.
    { at: hours(1), for: 90 * second, fault: { type: 'stall', stream: 'pricing' } },
    { at: hours(2), for: 10 * minute, fault: { type: 'stall', stream: 'pricing', except: 'HEARTBEAT' } },
    { at: hours(3), for: 40 * second, fault: { type: 'disconnect' } },
    {
      at: hours(10.2),
      for: hours(2),
      fault: { type: 'chop', bytesMax: 17, hasCarriageReturns: true, hasEmptyLines: true },
    },
    { at: hours(11), for: 5 * minute, fault: { type: 'stall', stream: 'transactions' } },
    { at: hours(12), for: 30 * second, fault: { type: 'disconnect', stream: 'transactions' } },
    act(hours(12) + 31 * second, 'replayTransactions', { count: 200 }),
    { at: hours(13), for: hours(1), fault: { type: 'duplicate', fraction: 0.3 } },
    { at: hours(13), for: hours(1), fault: { type: 'reorder', windowMs: 2_000, except: 'HEARTBEAT' } },
    { at: hours(14), fault: { type: 'drop', stream: 'transactions', only: 'ORDER_FILL', count: 3 } },
    { at: hours(14.2), fault: { type: 'inject', text: '{"type":"PRICE","instrument":' } },
    { at: hours(14.3), fault: { type: 'inject', text: '{"type":"SOMETHING_NEW","id":"1"}' } },
    // Orders.
    { at: hours(10.5), times: 2, match: orders, fault: { type: 'loseAnswer' } },
    { at: hours(12.3), times: 2, match: orders, fault: { type: 'loseRequest' } },
    act(hours(12.9), 'hideOrders', { ms: 20 * second }),
    { at: hours(12.9), times: 1, match: orders, fault: { type: 'loseAnswer' } },
    {
      at: hours(13.1),
      times: 2,
      match: orders,
      fault: { type: 'answer', status: 503, body: '{"errorMessage":"Service Unavailable."}' },
    },
    { at: hours(13.2), times: 2, match: orders, fault: { type: 'answer', status: 504, isCarriedOut: true } },
    { at: hours(13.3), times: 2, match: orders, fault: { type: 'answer', status: 408, isCarriedOut: true } },
    {
      at: hours(13.4),
      times: 2,
      match: orders,
      fault: { type: 'answer', status: 200, body: '<html>', isCarriedOut: true },
    },
    { at: hours(13.5), times: 2, match: orders, fault: { type: 'silence', isCarriedOut: true } },
    { at: hours(13.7), times: 2, match: orders, fault: { type: 'delayAnswer', ms: 20 * second } },
    act(hours(13.8), 'cancelNext', { reason: 'MARKET_HALTED', times: 2 }),
    act(hours(13.9), 'cancelNext', { reason: 'INSUFFICIENT_MARGIN', times: 2 }),
    act(hours(14.1), 'rejectNext', { reason: 'UNITS_PRECISION_EXCEEDED', times: 2 }),
    act(hours(14.15), 'skipTransactions', { count: 50 }),
    act(hours(14.4), 'fillBeforeCancel', { times: 3 }),
    // Other hands.
    act(hours(11.5), 'externalOrder', { instrument: 'EUR_USD', units: '1500' }),
    act(hours(11.6), 'externalOrder', { instrument: 'USD_JPY', units: '-2000', stopLoss: '190.000' }),
    act(hours(15), 'liquidate', { instrument: 'EUR_USD' }),
    act(hours(15.2), 'transfer', { amount: '500' }),
    act(hours(15.3), 'financing', { instrument: 'EUR_USD', amount: '-1.2345' }),
    // Limits, permission and time.
    {
      at: hours(4),
      times: 3,
      match: { method: 'GET' },
      fault: { type: 'answer', status: 429, headers: { 'retry-after': '5' }, body: '{}' },
    },
    act(hours(15.5), 'limitRequests', { perSecond: 20 }),
    act(hours(15.6), 'limitRequests', { perSecond: 120 }),
    act(hours(5), 'revokeToken'),
    act(hours(5) + 2 * minute, 'revokeToken', { isOn: false }),
    {
      at: hours(5.5),
      times: 5,
      match: { method: 'GET' },
      fault: { type: 'answer', status: 403, body: '<html>blocked</html>' },
    },
    act(hours(6), 'skewClock', { ms: 1_200 }),
    act(hours(6) + 15 * minute, 'skewClock', { ms: -700 }),
    act(hours(6) + 30 * minute, 'skewClock', { ms: 0 }),
    // The account's instruments.
    act(hours(16), 'halt', { instrument: 'USD_JPY' }),
    act(hours(16) + 10 * minute, 'resume', { instrument: 'USD_JPY' }),
    act(hours(16.5), 'setInstrument', { instrument: 'EUR_USD', minimumQuantity: 10, maximumQuantity: 50_000_000 }),
    // Market data that cannot be.
    act(hours(7), 'oddPrice', { instrument: 'EUR_USD', bids: [], asks: [] }),
    act(hours(7) + 3 * minute, 'oddPrice', { instrument: 'EUR_USD', bids: ['0'], asks: ['-37.63'] }),
    act(hours(7) + 6 * minute, 'oddPrice', { instrument: 'EUR_USD', bids: ['1e12'], asks: ['1.1'] }),
    act(hours(7) + 9 * minute, 'oddPrice', { instrument: 'EUR_USD' }),
    act(hours(10), 'extraFields'),
    // All of it at once, for a while.
    { at: hours(17), for: 30 * minute, fault: { type: 'duplicate', fraction: 0.5 } },
    { at: hours(17), times: 2, match: orders, fault: { type: 'loseAnswer' } },
    { at: hours(17.1), for: 20 * second, fault: { type: 'disconnect' } },
    {
      at: hours(18),
      times: 2,
      match: { method: 'GET', path: '/accounts/[^/]+$' },
      fault: { type: 'answer', status: 200, body: '' },
    },
    { at: hours(18), times: 2, match: { method: 'GET', path: '/accounts/[^/]+$' }, fault: { type: 'silence' } },
    { at: hours(20), for: 20 * minute, fault: { type: 'stall', hasPings: true } },
  ],
};
