import type { AccountBook } from '#adapters/oanda/account-book.ts';
import { excerptOf } from '#adapters/oanda/excerpt.ts';
import { readTransaction } from '#adapters/oanda/mapper-transactions.ts';
import { transactionSchema } from '#adapters/oanda/schema.ts';
import type { TransactionReading } from '#adapters/oanda/transaction-reading.ts';
import { eventSchemas } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { VenueInput } from '#engine/live-port.ts';

export const plainReading: TransactionReading = {
  moneyDecimals: 6,
  instrumentOf: (symbol) => (symbol === 'EUR_USD' || symbol === 'USD_JPY' ? fxInstrument(symbol) : undefined),
  isOwnOrder: (id) => id.startsWith('tw-'),
  excerpt: (value) => excerptOf(value, []),
};
export const transactionTime = '2016-10-28T15:11:58.023004583Z';
export const transactionAt = Date.UTC(2016, 9, 28, 15, 11, 58, 23);

/** Reads transactions as the wire has them, and sees to it that each event is one of the house. */
export function inputsOf(book: AccountBook, ...transactions: readonly object[]): readonly VenueInput[] {
  return transactions.flatMap((transaction) => {
    const parsed = transactionSchema.parse({ time: transactionTime, ...transaction });
    const { inputs } = readTransaction(book, parsed, plainReading);
    for (const input of inputs) eventSchemas[input.type].parse({ ...input, at: 1 });
    return inputs;
  });
}

export const entryOrder = {
  id: '100',
  batchID: '100',
  type: 'MARKET_ORDER',
  instrument: 'EUR_USD',
  units: '100',
  timeInForce: 'FOK',
  positionFill: 'DEFAULT',
  reason: 'CLIENT_ORDER',
  clientExtensions: { id: 'tw-run-1', tag: 'a' },
};
export const entryFill = {
  id: '101',
  batchID: '100',
  type: 'ORDER_FILL',
  orderID: '100',
  clientOrderID: 'tw-run-1',
  instrument: 'EUR_USD',
  units: '100',
  price: '1.10005',
  fullVWAP: '1.10005',
  pl: '0.0000',
  financing: '0.0000',
  commission: '0.0000',
  accountBalance: '33848.2663',
  halfSpreadCost: '0.0070',
  reason: 'MARKET_ORDER',
  tradeOpened: {
    tradeID: '101',
    units: '100',
    price: '1.10005',
    halfSpreadCost: '0.0070',
    clientExtensions: { id: 'tw-run-1' },
  },
};
export const stopOrder = {
  id: '102',
  batchID: '100',
  type: 'STOP_LOSS_ORDER',
  tradeID: '101',
  clientTradeID: 'tw-run-1',
  price: '1.09000',
  timeInForce: 'GTC',
  reason: 'ON_FILL',
  clientExtensions: { id: 'tw-run-1-s' },
};
export const targetOrder = {
  ...stopOrder,
  id: '103',
  type: 'TAKE_PROFIT_ORDER',
  price: '1.12000',
  clientExtensions: { id: 'tw-run-1-t' },
};
