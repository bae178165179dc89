import { z } from 'zod';
import { type AccountOrder, compact, type OrderTerms, orderBody } from './account-order.ts';
import { type Exchange, failed, ok, type RouteAnswer, readBody } from './exchange.ts';
import type { OandaAccount, OrderOrigin } from './oanda-account.ts';
import { type OrderWish, orderSchema, type ReadingScene, readOrder } from './order-reading.ts';
import { rejectText } from './reject-texts.ts';
import type { Transaction } from './transaction-log.ts';

const bodySchema = z.object({ order: z.looseObject({ type: z.string().optional() }) });
const extensionsSchema = z.object({
  id: z.string().optional(),
  tag: z.string().optional(),
  comment: z.string().optional(),
});
const extensionsBodySchema = z.object({
  clientExtensions: extensionsSchema.optional(),
  tradeClientExtensions: extensionsSchema.optional(),
});

export interface OrderRoutesScene extends ReadingScene {
  readonly account: OandaAccount;
  readonly accountId: string;
}

/** POST orders. */
export function createOrder(exchange: Exchange, scene: OrderRoutesScene): RouteAnswer {
  return placed(exchange, scene, undefined);
}

/** PUT orders/{spec}: the order is cancelled and another one created in one batch, or nothing happens. */
export function replaceOrder(exchange: Exchange, scene: OrderRoutesScene): RouteAnswer {
  const specifier = exchange.parameters[0] ?? '';
  const order = scene.account.findOrder(specifier);
  if (order?.state !== 'PENDING') return unknownOrder(exchange, scene, specifier);
  return placed(exchange, scene, order);
}

/** PUT orders/{spec}/cancel. */
export function cancelOrder(exchange: Exchange, scene: OrderRoutesScene): RouteAnswer {
  const { account } = scene;
  const specifier = exchange.parameters[0] ?? '';
  const order = account.findOrder(specifier);
  if (order?.state === 'PENDING' && account.plight.fillsBeforeCancel > 0) fillFirst(order, scene);
  if (order?.state !== 'PENDING') return unknownOrder(exchange, scene, specifier);
  const batch = account.log.batch(() => account.end(order, 'CLIENT_REQUEST'), exchange.requestId);
  return ok({ orderCancelTransaction: batch[0], ...related(batch, account) });
}

/** GET orders: pending ones by default, newest first. */
export function listOrders(exchange: Exchange, { account }: OrderRoutesScene): RouteAnswer {
  const { query } = exchange;
  const state = query.get('state') ?? 'PENDING';
  const count = Number(query.get('count') ?? 50);
  if (!(Number.isInteger(count) && count > 0 && count <= 500))
    return failed(400, "Invalid value specified for 'count'");
  const ids = query.get('ids')?.split(',');
  const beforeId = Number(query.get('beforeID') ?? Infinity);
  const found = [...account.orders.values()]
    .filter((order) => account.findOrder(order.id) !== null)
    .filter((order) => ids?.includes(order.id) ?? (state === 'ALL' || order.state === state))
    .filter((order) => (query.get('instrument') ?? order.terms.instrument.symbol) === order.terms.instrument.symbol)
    .filter((order) => Number(order.id) < beforeId);
  return ok({ orders: found.toReversed().slice(0, count).map(orderBody), lastTransactionID: account.log.lastId });
}

export function listPendingOrders({ account }: OrderRoutesScene): RouteAnswer {
  const shown = account.pendingOrders().filter((order) => account.findOrder(order.id) !== null);
  return ok({ orders: shown.toReversed().map(orderBody), lastTransactionID: account.log.lastId });
}

export function getOrder(exchange: Exchange, { account }: OrderRoutesScene): RouteAnswer {
  const order = account.findOrder(exchange.parameters[0] ?? '');
  if (order === undefined || order === null)
    return failed(404, 'The order ID specified does not exist', { errorCode: 'NO_SUCH_ORDER' });
  return ok({ order: orderBody(order), lastTransactionID: account.log.lastId });
}

/** PUT orders/{spec}/clientExtensions. */
export function extendOrder(exchange: Exchange, scene: OrderRoutesScene): RouteAnswer {
  const { account } = scene;
  const order = account.findOrder(exchange.parameters[0] ?? '');
  const parsed = extensionsBodySchema.safeParse(readBody(exchange.request));
  if (!parsed.success) return failed(400, 'Invalid JSON in request body');
  const { clientExtensions, tradeClientExtensions } = parsed.data;
  if (order?.state !== 'PENDING') {
    const reject = account.log.batch(() => {
      account.log.append('ORDER_CLIENT_EXTENSIONS_MODIFY_REJECT', {
        orderID: exchange.parameters[0],
        rejectReason: 'ORDER_DOESNT_EXIST',
      });
    }, exchange.requestId);
    return rejected(
      404,
      'ORDER_DOESNT_EXIST',
      { orderClientExtensionsModifyRejectTransaction: reject[0] },
      { batch: reject, account },
    );
  }
  const batch = account.log.batch(() => {
    order.clientExtensions = clientExtensions ?? order.clientExtensions;
    account.log.append(
      'ORDER_CLIENT_EXTENSIONS_MODIFY',
      compact({
        orderID: order.id,
        clientExtensionsModify: clientExtensions,
        tradeClientExtensionsModify: tradeClientExtensions,
      }),
    );
  }, exchange.requestId);
  return ok({ orderClientExtensionsModifyTransaction: batch[0], ...related(batch, account) });
}

/** Ids of a batch and of the last transaction, as every answer that changed something has them. */
export function related(batch: readonly Transaction[], account: OandaAccount): Record<string, unknown> {
  return { relatedTransactionIDs: batch.map(({ id }) => id), lastTransactionID: account.log.lastId };
}

/** A refusal that left a transaction. */
export function rejected(
  status: 400 | 404,
  reason: string,
  transactions: Readonly<Record<string, unknown>>,
  { batch, account }: { batch: readonly Transaction[]; account: OandaAccount },
): RouteAnswer {
  return {
    status,
    body: { ...transactions, ...related(batch, account), errorMessage: rejectText(reason), errorCode: reason },
  };
}

/** Transactions of a batch by the names that answers give them; `prefix` is that of a side. */
export function namedTransactions(
  batch: readonly Transaction[],
  orderId: string,
  prefix = 'order',
): Record<string, unknown> {
  const ofOrder = (type: string): Transaction | undefined =>
    batch.find((each) => each.type === type && each['orderID'] === orderId);
  return compact({
    [`${prefix}CreateTransaction`]: batch.find(({ id }) => id === orderId),
    [`${prefix}FillTransaction`]: ofOrder('ORDER_FILL'),
    [`${prefix}CancelTransaction`]: ofOrder('ORDER_CANCEL'),
  });
}

function placed(exchange: Exchange, scene: OrderRoutesScene, replaced: AccountOrder | undefined): RouteAnswer {
  const { account } = scene;
  const body = bodySchema.safeParse(readBody(exchange.request));
  if (!body.success) return failed(400, 'Invalid JSON in request body');
  const wish = orderSchema.safeParse(body.data.order);
  if (!wish.success) {
    const field = wish.error.issues[0]?.path.join('.') ?? 'order';
    return failed(400, `Invalid value specified for '${field}'`);
  }
  const reading = readOrder(wish.data, scene);
  if (reading.type === 'refused') return refuse(exchange, scene, { wish: wish.data, reason: reading.reason });
  const refusal = refusalOf(reading.terms, scene, replaced);
  if (refusal !== undefined) return refuse(exchange, scene, { wish: wish.data, reason: refusal });
  let order: AccountOrder | undefined;
  const batch = account.log.batch(() => {
    order =
      replaced === undefined
        ? account.create(reading.terms, { reason: 'CLIENT_ORDER' })
        : swap(account, replaced, reading.terms);
  }, exchange.requestId);
  const id = order?.id ?? '';
  const cancelled =
    replaced === undefined ? {} : { orderCancelTransaction: batch.find((each) => each['orderID'] === replaced.id) };
  const { orderCancelTransaction: ended, ...named } = namedTransactions(batch, id);
  const ending =
    ended === undefined
      ? {}
      : { [replaced === undefined ? 'orderCancelTransaction' : 'replacingOrderCancelTransaction']: ended };
  return {
    status: 201,
    body: { ...cancelled, ...named, ...ending, ...related(batch, account) },
    location: `/v3/accounts/${scene.accountId}/orders/${id}`,
  };
}

/** The cancellation names the order that follows, whose id is the next one. */
function swap(account: OandaAccount, replaced: AccountOrder, terms: OrderTerms): AccountOrder {
  const nextId = String(Number(account.log.lastId) + 2);
  account.end(replaced, 'CLIENT_REQUEST_REPLACED', { replacedByOrderID: nextId });
  replaced.replacedByOrderId = nextId;
  const origin: OrderOrigin = { reason: 'REPLACEMENT', replaces: replaced };
  return account.create(terms, origin);
}

/** What only the account can refuse. */
function refusalOf(
  terms: OrderTerms,
  { account }: OrderRoutesScene,
  replaced: AccountOrder | undefined,
): string | undefined {
  const scripted = account.plight.rejectReasons.shift();
  if (scripted !== undefined) return scripted;
  if (account.plight.isLocked) return 'ACCOUNT_ORDER_CREATION_LOCKED';
  const clientId = terms.clientExtensions?.id;
  const isReplacingItself = replaced !== undefined && replaced.clientExtensions?.id === clientId;
  if (clientId !== undefined && !isReplacingItself && account.isClientIdPending(clientId))
    return 'CLIENT_ORDER_ID_ALREADY_EXISTS';
  const trade = terms.tradeId === null ? undefined : account.trades.find(terms.tradeId);
  const isDoubled = (id: string | null | undefined): boolean => id !== null && id !== undefined && id !== replaced?.id;
  if (terms.type === 'STOP_LOSS' && isDoubled(trade?.stopLossOrderId)) return 'STOP_LOSS_ORDER_ALREADY_EXISTS';
  if (terms.type === 'TAKE_PROFIT' && isDoubled(trade?.takeProfitOrderId)) return 'TAKE_PROFIT_ORDER_ALREADY_EXISTS';
  return undefined;
}

/** The refusal is a transaction too: it has what was asked as it was written. */
function refuse(
  exchange: Exchange,
  scene: OrderRoutesScene,
  { wish, reason }: { wish: OrderWish; reason: string },
): RouteAnswer {
  const { account } = scene;
  const { type, positionFill, ...asked } = wish;
  const batch = account.log.batch(() => {
    account.log.append(
      `${type}_ORDER_REJECT`,
      compact({
        ...asked,
        timeInForce: asked.timeInForce ?? (type === 'MARKET' ? 'FOK' : 'GTC'),
        triggerCondition: type === 'MARKET' ? undefined : 'DEFAULT',
        partialFill: type === 'MARKET' ? undefined : 'DEFAULT',
        positionFill,
        reason: 'CLIENT_ORDER',
        rejectReason: reason,
      }),
    );
  }, exchange.requestId);
  const isUnknown = reason === 'TRADE_DOESNT_EXIST' || reason === 'ORDER_DOESNT_EXIST';
  return rejected(isUnknown ? 404 : 400, reason, { orderRejectTransaction: batch[0] }, { batch, account });
}

function unknownOrder(exchange: Exchange, { account }: OrderRoutesScene, specifier: string): RouteAnswer {
  const reason = 'ORDER_DOESNT_EXIST';
  const named = specifier.startsWith('@') ? { clientOrderID: specifier.slice(1) } : { orderID: specifier };
  const batch = account.log.batch(() => {
    account.log.append('ORDER_CANCEL_REJECT', { ...named, rejectReason: reason });
  }, exchange.requestId);
  return rejected(404, reason, { orderCancelRejectTransaction: batch[0] }, { batch, account });
}

/** The market comes to the order a moment before its cancellation does. */
function fillFirst(order: AccountOrder, { account }: OrderRoutesScene): void {
  const { price, instrument, units } = order.terms;
  const book = account.floor.book(instrument.id);
  if (price === null || book === undefined) return;
  account.plight.fillsBeforeCancel -= 1;
  const spread = book.askPrice - book.bidPrice;
  const isAskMet = (units ?? -book.position.signedQuantity) > 0;
  const bidPrice = isAskMet ? price - spread : price;
  account.floor.quote(instrument.id, bidPrice, bidPrice + spread);
}
