import type { Instrument } from '#domain/instrument.ts';
import { formatScaled } from '#domain/scale.ts';
import { orderBody } from './account-order.ts';
import {
  type AccountIdentity,
  accountBody,
  positionBody,
  positionStateBody,
  priceDependentBody,
  summaryBody,
  tradeStateBody,
  tradeSummaryBody,
} from './account-views.ts';
import { type Exchange, failed, ok, type RouteAnswer } from './exchange.ts';
import type { OandaAccount } from './oanda-account.ts';
import type { Transaction } from './transaction-log.ts';
import { outOfRange } from './transaction-routes.ts';
import { priceText } from './wire-text.ts';

export function listAccounts(identity: AccountIdentity): RouteAnswer {
  return ok({ accounts: [{ id: identity.accountId, tags: [] }] });
}

export function getAccount(account: OandaAccount, identity: AccountIdentity): RouteAnswer {
  return ok({ account: accountBody(account, identity), lastTransactionID: account.log.lastId });
}

export function getSummary(account: OandaAccount, identity: AccountIdentity): RouteAnswer {
  return ok({ account: summaryBody(account, identity), lastTransactionID: account.log.lastId });
}

export function listInstruments({ query }: Exchange, account: OandaAccount): RouteAnswer {
  const wanted = query.get('instruments')?.split(',');
  const listed = [...account.floor.state.books.values()].map(({ instrument }) => instrument);
  const unknown = wanted?.find((symbol) => !listed.some((instrument) => instrument.symbol === symbol));
  if (unknown !== undefined) return failed(400, "Invalid value specified for 'instruments'");
  const shown = listed.filter(({ symbol }) => wanted?.includes(symbol) ?? true);
  return ok({
    instruments: shown.map((instrument) => instrumentBody(account, instrument)),
    lastTransactionID: account.log.lastId,
  });
}

/** GET changes: what happened since a transaction, and what of the account moves with prices. */
export function listChanges({ query }: Exchange, account: OandaAccount): RouteAnswer {
  const since = Number(query.get('sinceTransactionID') ?? Number.NaN);
  const lastId = Number(account.log.lastId);
  if (!(Number.isInteger(since) && since >= 0 && since <= lastId)) return outOfRange(account);
  const transactions = account.log.range(since + 1, lastId);
  const books = [...account.floor.state.books.values()];
  const held = books.filter(({ position }) => position.signedQuantity !== 0);
  return ok({
    changes: changesBody(account, transactions),
    state: {
      ...priceDependentBody(account),
      orders: [],
      trades: account.trades.open().map((trade) => tradeStateBody(account, trade)),
      positions: held.map((book) => positionStateBody(account, book)),
    },
    lastTransactionID: account.log.lastId,
  });
}

function changesBody(account: OandaAccount, transactions: readonly Transaction[]): Record<string, unknown> {
  const orders = (type: string): unknown[] =>
    transactions.flatMap((each) => {
      const order = each.type === type ? account.orders.get(String(each['orderID'])) : undefined;
      return order === undefined ? [] : [orderBody(order)];
    });
  const created = transactions.flatMap(({ id }) => account.orders.get(id) ?? []);
  const fills = transactions.filter(({ type }) => type === 'ORDER_FILL');
  const trades = (ids: readonly unknown[]): unknown[] =>
    ids.flatMap((id) => {
      const trade = account.trades.find(String(id));
      return trade === undefined ? [] : [tradeSummaryBody(account, trade)];
    });
  const touched = new Set(fills.map((each) => each['instrument']));
  return {
    ordersCreated: created.map(orderBody),
    ordersCancelled: orders('ORDER_CANCEL'),
    ordersFilled: orders('ORDER_FILL'),
    ordersTriggered: [],
    tradesOpened: trades(fills.flatMap((each) => idsIn(each['tradeOpened']))),
    tradesReduced: trades(fills.flatMap((each) => idsIn(each['tradeReduced']))),
    tradesClosed: trades(fills.flatMap((each) => idsIn(each['tradesClosed']))),
    positions: [...account.floor.state.books.values()]
      .filter(({ instrument }) => touched.has(instrument.symbol))
      .map((book) => positionBody(account, book)),
    transactions,
  };
}

function idsIn(part: unknown): unknown[] {
  if (part === undefined) return [];
  const parts: readonly unknown[] = Array.isArray(part) ? part : [part];
  return parts.map((each) => (each as { readonly tradeID: unknown }).tradeID);
}

function instrumentBody(account: OandaAccount, instrument: Instrument): Record<string, unknown> {
  const { quantityDecimals, priceDecimals, pipDecimals, symbol } = instrument;
  const unitsDecimals = account.plight.unitsDecimals.get(symbol) ?? quantityDecimals;
  const distance = 10 ** Math.max(0, priceDecimals - pipDecimals);
  return {
    name: symbol,
    type: instrument.kind === 'fx' ? 'CURRENCY' : 'CFD',
    displayName: symbol.replace('_', '/'),
    pipLocation: -pipDecimals,
    displayPrecision: priceDecimals,
    tradeUnitsPrecision: unitsDecimals,
    minimumTradeSize: formatScaled(instrument.minimumQuantity, quantityDecimals),
    maximumTrailingStopDistance: priceText(instrument, distance * 10_000),
    minimumTrailingStopDistance: priceText(instrument, distance * 5),
    maximumPositionSize: '0',
    maximumOrderUnits: formatScaled(instrument.maximumQuantity, quantityDecimals),
    marginRate: String(instrument.marginRate),
    commission: null,
    guaranteedStopLossOrderMode: 'DISABLED',
    tags: [{ type: 'ASSET_CLASS', name: 'CURRENCY' }],
  };
}
