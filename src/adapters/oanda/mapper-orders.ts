import { bracketOrderId } from '#domain/bracket-id.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { OrderRequest } from '#domain/order.ts';
import { priceText, unitsText } from './mapper.ts';
import { formatVenueTime } from './oanda-time.ts';
import type { VenueOrder } from './schema.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const timeInForceNames: Readonly<Record<OrderRequest['timeInForce'], string>> = {
  fillOrKill: 'FOK',
  immediateOrCancel: 'IOC',
  goodTillCancel: 'GTC',
  goodTillTime: 'GTD',
};

const tagLengthMax = 128;

/** The body of a request for an order, figures as texts made from whole ticks and lots. */
export function orderBody(request: OrderRequest, instrument: Instrument): JsonObject {
  const extensions = extensionsOf(request.clientOrderId, request.strategy);
  return {
    order: {
      type: request.orderType.toUpperCase(),
      instrument: instrument.symbol,
      units: unitsText(request.side, request.quantity, instrument),
      ...priceField(request, instrument),
      ...timeFields(request),
      positionFill: request.isReduceOnly ? 'REDUCE_ONLY' : 'DEFAULT',
      ...bracketFields(request, instrument),
      clientExtensions: extensions,
      tradeClientExtensions: extensions,
    },
  };
}

/** The body that replaces an order by the same one at another price. */
export function replacementBody(order: VenueOrder, price: string): JsonObject {
  const kept = Object.fromEntries(
    replacedKeys.filter((key) => order[key] !== undefined && order[key] !== null).map((key) => [key, order[key]]),
  );
  // Recorded orders spell the default in a way that requests do not take.
  const positionFill = order.positionFill === 'POSITION_DEFAULT' ? { positionFill: 'DEFAULT' } : {};
  return { order: { ...kept, ...positionFill, price } };
}

/** The body that moves the stop or the target of a trade; the other one stays as it is. */
export function tradeOrderBody(order: VenueOrder, price: string): JsonObject {
  const clientExtensions = order.clientExtensions === undefined ? {} : { clientExtensions: order.clientExtensions };
  const timeInForce = order.timeInForce ?? 'GTC';
  const gtdTime = order.gtdTime === undefined ? {} : { gtdTime: order.gtdTime };
  return {
    [tradeOrderKeys[order.type] ?? 'stopLoss']: { price, timeInForce, ...gtdTime, ...clientExtensions },
  };
}

const tradeOrderKeys: Readonly<Record<string, string>> = {
  TAKE_PROFIT: 'takeProfit',
  STOP_LOSS: 'stopLoss',
  GUARANTEED_STOP_LOSS: 'guaranteedStopLoss',
};

const replacedKeys = [
  'type',
  'instrument',
  'units',
  'timeInForce',
  'gtdTime',
  'priceBound',
  'positionFill',
  'triggerCondition',
  'takeProfitOnFill',
  'stopLossOnFill',
  'trailingStopLossOnFill',
  'clientExtensions',
  'tradeClientExtensions',
] as const;

function priceField(request: OrderRequest, instrument: Instrument): JsonObject {
  const price = request.orderType === 'limit' ? request.limitPrice : request.stopPrice;
  return request.orderType === 'market' || price === null ? {} : { price: priceText(price, instrument) };
}

/** An order at the market fills at once or not at all; nothing else is taken for it. */
function timeFields(request: OrderRequest): JsonObject {
  const isImmediate = request.timeInForce === 'fillOrKill' || request.timeInForce === 'immediateOrCancel';
  if (request.orderType === 'market' && !isImmediate) return { timeInForce: 'FOK' };
  const timeInForce = timeInForceNames[request.timeInForce];
  return request.timeInForce === 'goodTillTime' && request.expiresAt !== null
    ? { timeInForce, gtdTime: formatVenueTime(request.expiresAt) }
    : { timeInForce };
}

function bracketFields(request: OrderRequest, instrument: Instrument): JsonObject {
  const { bracket, clientOrderId, strategy } = request;
  const place = (price: number, kind: 'stop' | 'limit'): JsonObject => ({
    timeInForce: 'GTC',
    price: priceText(price, instrument),
    clientExtensions: extensionsOf(bracketOrderId(clientOrderId, kind), strategy),
  });
  const stopPrice = bracket?.stopPrice ?? null;
  const targetPrice = bracket?.targetPrice ?? null;
  return {
    ...(targetPrice === null ? {} : { takeProfitOnFill: place(targetPrice, 'limit') }),
    ...(stopPrice === null ? {} : { stopLossOnFill: place(stopPrice, 'stop') }),
  };
}

function extensionsOf(id: string, strategy: string): JsonObject {
  return strategy === '' ? { id } : { id, tag: strategy.slice(0, tagLengthMax) };
}
