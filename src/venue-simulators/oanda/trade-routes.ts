import { z } from 'zod';
import { parseDecimalText } from '#domain/decimal-text.ts';
import { compact, marketTerms, type OnFill } from './account-order.ts';
import { tradeBody } from './account-views.ts';
import { type Exchange, failed, ok, type RouteAnswer, readBody } from './exchange.ts';
import type { OandaAccount } from './oanda-account.ts';
import { onFillSchema, readDependent } from './order-reading.ts';
import { namedTransactions, rejected, related } from './order-routes.ts';
import type { Trade } from './trade-book.ts';
import { unitsText } from './wire-text.ts';

const closeSchema = z.object({ units: z.union([z.string(), z.number()]).transform(String).default('ALL') });
const ordersSchema = z.object({
  takeProfit: onFillSchema.nullable().optional(),
  stopLoss: onFillSchema.nullable().optional(),
});
const extensionsSchema = z.object({
  clientExtensions: z.object({
    id: z.string().optional(),
    tag: z.string().optional(),
    comment: z.string().optional(),
  }),
});

/** GET trades: open ones by default, newest first. */
export function listTrades({ query }: Exchange, account: OandaAccount): RouteAnswer {
  const state = query.get('state') ?? 'OPEN';
  const count = Number(query.get('count') ?? 50);
  if (!(Number.isInteger(count) && count > 0 && count <= 500))
    return failed(400, "Invalid value specified for 'count'");
  const ids = query.get('ids')?.split(',');
  const beforeId = Number(query.get('beforeID') ?? Infinity);
  const found = account.trades
    .all()
    .filter(
      (trade) => ids?.includes(trade.id) ?? (state === 'ALL' || (trade.currentUnits !== 0) === (state === 'OPEN')),
    )
    .filter((trade) => (query.get('instrument') ?? trade.instrument.symbol) === trade.instrument.symbol)
    .filter((trade) => Number(trade.id) < beforeId);
  return ok(tradesBody(found.toReversed().slice(0, count), account));
}

export function listOpenTrades(account: OandaAccount): RouteAnswer {
  return ok(tradesBody(account.trades.open().toReversed(), account));
}

export function getTrade({ parameters }: Exchange, account: OandaAccount): RouteAnswer {
  const trade = account.trades.find(parameters[0] ?? '');
  if (trade === undefined) return failed(404, 'The trade ID specified does not exist', { errorCode: 'NO_SUCH_TRADE' });
  return ok({ trade: tradeBody(account, trade), lastTransactionID: account.log.lastId });
}

/** PUT trades/{spec}/close. */
export function closeTrade(exchange: Exchange, account: OandaAccount): RouteAnswer {
  const specifier = exchange.parameters[0] ?? '';
  const parsed = closeSchema.safeParse(readBody(exchange.request));
  if (!parsed.success) return failed(400, 'Invalid JSON in request body');
  const trade = openTrade(account, specifier);
  const asked = parsed.data.units;
  if (trade === undefined) return refuseClose(exchange, account, { specifier, asked, reason: 'TRADE_DOESNT_EXIST' });
  const held = Math.abs(trade.currentUnits);
  const units = asked === 'ALL' ? held : parseDecimalText(asked, trade.instrument.quantityDecimals);
  if (units === undefined || units <= 0)
    return refuseClose(exchange, account, { specifier, asked, reason: 'UNITS_INVALID' });
  if (units > held)
    return refuseClose(exchange, account, { specifier, asked, reason: 'CLOSE_TRADE_UNITS_EXCEED_TRADE_SIZE' });
  let orderId = '';
  const batch = account.log.batch(() => {
    const terms = marketTerms(trade.instrument, -Math.sign(trade.currentUnits) * units, { tradeId: trade.id });
    const tradeClose = { units: asked === 'ALL' ? 'ALL' : unitsText(trade.instrument, units), tradeID: trade.id };
    orderId = account.create(terms, { reason: 'TRADE_CLOSE', fields: { tradeClose } }).id;
  }, exchange.requestId);
  return ok({ ...namedTransactions(batch, orderId), ...related(batch, account) });
}

/** PUT trades/{spec}/orders: what is null goes, what is told is placed or replaced, what is left out stays. */
export function setTradeOrders(exchange: Exchange, account: OandaAccount): RouteAnswer {
  const parsed = ordersSchema.safeParse(readBody(exchange.request));
  if (!parsed.success) return failed(400, 'Invalid JSON in request body');
  const trade = openTrade(account, exchange.parameters[0] ?? '');
  if (trade === undefined)
    return failed(404, 'The Trade specified does not exist', {
      errorCode: 'TRADE_DOESNT_EXIST',
      relatedTransactionIDs: [],
      lastTransactionID: account.log.lastId,
    });
  const { takeProfit, stopLoss } = parsed.data;
  const steps: Step[] = [];
  for (const [kind, wish] of [
    ['TAKE_PROFIT', takeProfit],
    ['STOP_LOSS', stopLoss],
  ] as const) {
    if (wish === undefined) continue;
    const reading = wish === null ? null : readDependent(wish, kind, trade.instrument);
    if (reading?.type === 'refused') return refuseDependent(exchange, account, { trade, kind, reason: reading.reason });
    steps.push({ kind, onFill: reading === null ? null : reading.onFill });
  }
  let named: Record<string, unknown> = {};
  const batch = account.log.batch(() => {
    for (const step of steps) named = { ...named, ...takeStep(account, trade, step) };
  }, exchange.requestId);
  return ok({ ...named, ...related(batch, account) });
}

/** PUT trades/{spec}/clientExtensions. */
export function extendTrade(exchange: Exchange, account: OandaAccount): RouteAnswer {
  const parsed = extensionsSchema.safeParse(readBody(exchange.request));
  if (!parsed.success) return failed(400, 'Invalid JSON in request body');
  const specifier = exchange.parameters[0] ?? '';
  const trade = openTrade(account, specifier);
  if (trade === undefined) {
    const reject = account.log.batch(() => {
      account.log.append('TRADE_CLIENT_EXTENSIONS_MODIFY_REJECT', {
        tradeID: specifier,
        rejectReason: 'TRADE_DOESNT_EXIST',
      });
    }, exchange.requestId);
    const transactions = { tradeClientExtensionsModifyRejectTransaction: reject[0] };
    return rejected(404, 'TRADE_DOESNT_EXIST', transactions, { batch: reject, account });
  }
  const batch = account.log.batch(() => {
    trade.clientExtensions = parsed.data.clientExtensions;
    account.log.append('TRADE_CLIENT_EXTENSIONS_MODIFY', {
      tradeID: trade.id,
      tradeClientExtensionsModify: parsed.data.clientExtensions,
    });
  }, exchange.requestId);
  return ok({ tradeClientExtensionsModifyTransaction: batch[0], ...related(batch, account) });
}

interface Step {
  readonly kind: 'TAKE_PROFIT' | 'STOP_LOSS';
  readonly onFill: OnFill | null;
}

/** One of the two places beside a trade: what stands there is cancelled, what is wished comes in its place. */
function takeStep(account: OandaAccount, trade: Trade, { kind, onFill }: Step): Record<string, unknown> {
  const name = kind === 'STOP_LOSS' ? 'stopLossOrder' : 'takeProfitOrder';
  const standingId = kind === 'STOP_LOSS' ? trade.stopLossOrderId : trade.takeProfitOrderId;
  const standing = standingId === null ? undefined : account.orders.get(standingId);
  if (onFill === null) {
    if (standing === undefined) return {};
    return { [`${name}CancelTransaction`]: account.end(standing, 'CLIENT_REQUEST') };
  }
  if (standing === undefined) {
    const placed = account.protect(trade, kind, onFill, { reason: 'CLIENT_ORDER' });
    return placedTransactions(account, name, placed.id);
  }
  const nextId = String(Number(account.log.lastId) + 2);
  const ended = account.end(standing, 'CLIENT_REQUEST_REPLACED', { replacedByOrderID: nextId });
  standing.replacedByOrderId = nextId;
  const placed = account.protect(trade, kind, onFill, { reason: 'REPLACEMENT', replaces: standing });
  return { [`${name}CancelTransaction`]: ended, ...placedTransactions(account, name, placed.id) };
}

function placedTransactions(account: OandaAccount, name: string, orderId: string): Record<string, unknown> {
  const batch = account.log.range(Number(orderId), Number(account.log.lastId));
  return compact({
    [`${name}Transaction`]: batch[0],
    [`${name}FillTransaction`]: batch.find((each) => each.type === 'ORDER_FILL' && each['orderID'] === orderId),
    [`${name}CreatedCancelTransaction`]: batch.find(
      (each) => each.type === 'ORDER_CANCEL' && each['orderID'] === orderId,
    ),
  });
}

function openTrade(account: OandaAccount, specifier: string): Trade | undefined {
  const trade = account.trades.find(specifier);
  return trade?.currentUnits === 0 ? undefined : trade;
}

function tradesBody(trades: readonly Trade[], account: OandaAccount): Record<string, unknown> {
  return { trades: trades.map((trade) => tradeBody(account, trade)), lastTransactionID: account.log.lastId };
}

function refuseClose(
  exchange: Exchange,
  account: OandaAccount,
  { specifier, asked, reason }: { specifier: string; asked: string; reason: string },
): RouteAnswer {
  const batch = account.log.batch(() => {
    account.log.append('MARKET_ORDER_REJECT', {
      timeInForce: 'FOK',
      positionFill: 'REDUCE_ONLY',
      reason: 'TRADE_CLOSE',
      tradeClose: { units: asked, tradeID: specifier },
      rejectReason: reason,
    });
  }, exchange.requestId);
  const status = reason === 'TRADE_DOESNT_EXIST' ? 404 : 400;
  return rejected(status, reason, { orderRejectTransaction: batch[0] }, { batch, account });
}

function refuseDependent(
  exchange: Exchange,
  account: OandaAccount,
  { trade, kind, reason }: { trade: Trade; kind: Step['kind']; reason: string },
): RouteAnswer {
  const batch = account.log.batch(() => {
    account.log.append(`${kind}_ORDER_REJECT`, { tradeID: trade.id, reason: 'CLIENT_ORDER', rejectReason: reason });
  }, exchange.requestId);
  const name = kind === 'STOP_LOSS' ? 'stopLossOrderRejectTransaction' : 'takeProfitOrderRejectTransaction';
  return rejected(400, reason, { [name]: batch[0] }, { batch, account });
}
