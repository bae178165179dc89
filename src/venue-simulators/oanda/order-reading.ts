import { z } from 'zod';
import { parseDecimalText } from '#domain/decimal-text.ts';
import type { Instrument } from '#domain/instrument.ts';
import { type ClientExtensions, dependentTypes, entryTypes, type OnFill, type OrderTerms } from './account-order.ts';
import type { RejectReason } from './reject-texts.ts';
import { parseInstant } from './wire-text.ts';

/** Old clients write units and prices as numbers. */
const decimal = z.union([z.string(), z.number()]).transform(String);
const extensionsSchema = z.object({
  id: z.string().optional(),
  tag: z.string().optional(),
  comment: z.string().optional(),
});
export const onFillSchema = z.object({
  price: decimal.optional(),
  distance: decimal.optional(),
  timeInForce: z.enum(['GTC', 'GTD', 'GFD']).default('GTC'),
  gtdTime: decimal.optional(),
  clientExtensions: extensionsSchema.optional(),
});
const allTypes = [
  ...entryTypes,
  ...dependentTypes,
  'TRAILING_STOP_LOSS',
  'GUARANTEED_STOP_LOSS',
  'FIXED_PRICE',
] as const;

/** What a client may write. Fields that are not known are passed over, as the venue does. */
export const orderSchema = z.object({
  type: z.enum(allTypes),
  instrument: z.string().optional(),
  units: decimal.optional(),
  price: decimal.optional(),
  distance: decimal.optional(),
  priceBound: decimal.optional(),
  timeInForce: z.enum(['GTC', 'GTD', 'GFD', 'FOK', 'IOC']).optional(),
  gtdTime: decimal.optional(),
  positionFill: z.enum(['DEFAULT', 'OPEN_ONLY', 'REDUCE_FIRST', 'REDUCE_ONLY', 'POSITION_DEFAULT']).default('DEFAULT'),
  tradeID: decimal.optional(),
  clientTradeID: z.string().optional(),
  clientExtensions: extensionsSchema.optional(),
  tradeClientExtensions: extensionsSchema.optional(),
  takeProfitOnFill: onFillSchema.optional(),
  stopLossOnFill: onFillSchema.optional(),
  trailingStopLossOnFill: z.unknown().optional(),
});
export type OrderWish = z.infer<typeof orderSchema>;
export type OnFillWish = z.infer<typeof onFillSchema>;

/** Where the venue looks things up while it reads an order. */
export interface ReadingScene {
  readonly now: number;
  instrumentOf(symbol: string): Instrument | undefined;
  /** The instrument of an open trade, by `id` or `@clientID`. */
  tradeOf(specifier: string): { readonly id: string; readonly instrument: Instrument } | undefined;
  maximumUnits(instrument: Instrument): number;
  /** Decimals that units may have now. */
  unitsDecimals(instrument: Instrument): number;
}

export type Reading =
  | { readonly type: 'terms'; readonly terms: OrderTerms }
  | { readonly type: 'refused'; readonly reason: RejectReason };

/** Ends the reading with a reason; caught where the reading began. */
class Refused extends Error {
  readonly reason: RejectReason;

  constructor(reason: RejectReason) {
    super(reason);
    this.reason = reason;
  }
}

/** What an order is, or the first reason to refuse it. */
export function readOrder(wish: OrderWish, scene: ReadingScene): Reading {
  try {
    return { type: 'terms', terms: termsOf(wish, scene) };
  } catch (error) {
    if (error instanceof Refused) return { type: 'refused', reason: error.reason };
    throw error;
  }
}

/** A stop or target beside an order or a trade. */
function readOnFill(wish: OnFillWish, kind: 'STOP_LOSS' | 'TAKE_PROFIT', instrument: Instrument): OnFill {
  const onFill = `${kind}_ON_FILL` as const;
  if (wish.price !== undefined && wish.distance !== undefined)
    throw new Refused('STOP_LOSS_ON_FILL_PRICE_AND_DISTANCE_BOTH_SPECIFIED');
  const isDistance = kind === 'STOP_LOSS' && wish.distance !== undefined;
  const text = isDistance ? wish.distance : wish.price;
  if (text === undefined) throw new Refused(`${onFill}_PRICE_MISSING`);
  const value = scaled(text, instrument.priceDecimals, {
    invalid: `${onFill}_PRICE_INVALID`,
    precise: isDistance ? 'PRICE_DISTANCE_PRECISION_EXCEEDED' : `${onFill}_PRICE_PRECISION_EXCEEDED`,
  });
  if (value <= 0) throw new Refused(`${onFill}_PRICE_INVALID`);
  return {
    price: isDistance ? null : value,
    distance: isDistance ? value : null,
    timeInForce: wish.timeInForce,
    gtdAt: wish.gtdTime === undefined ? null : (parseInstant(wish.gtdTime) ?? null),
    clientExtensions: wish.clientExtensions ?? null,
  };
}

/** As above for a trade that is open, with the reason where it is refused. */
export function readDependent(
  wish: OnFillWish,
  kind: 'STOP_LOSS' | 'TAKE_PROFIT',
  instrument: Instrument,
): { readonly type: 'onFill'; readonly onFill: OnFill } | { readonly type: 'refused'; readonly reason: RejectReason } {
  try {
    return { type: 'onFill', onFill: readOnFill(wish, kind, instrument) };
  } catch (error) {
    if (error instanceof Refused) return { type: 'refused', reason: error.reason };
    throw error;
  }
}

function termsOf(wish: OrderWish, scene: ReadingScene): OrderTerms {
  if (wish.type === 'TRAILING_STOP_LOSS' || wish.trailingStopLossOnFill !== undefined)
    throw new Refused('TRAILING_STOP_LOSS_ORDERS_NOT_SUPPORTED');
  if (wish.type === 'GUARANTEED_STOP_LOSS' || wish.type === 'FIXED_PRICE')
    throw new Refused('ORDER_TYPE_NOT_SUPPORTED');
  checkExtensions(wish.clientExtensions);
  checkExtensions(wish.tradeClientExtensions);
  if (wish.type === 'TAKE_PROFIT' || wish.type === 'STOP_LOSS') return dependentTerms(wish, wish.type, scene);
  if (wish.instrument === undefined || wish.instrument === '') throw new Refused('INSTRUMENT_MISSING');
  const instrument = scene.instrumentOf(wish.instrument.replace('/', '_'));
  if (instrument === undefined) throw new Refused('INSTRUMENT_UNKNOWN');
  const isMarket = wish.type === 'MARKET';
  const timing = timingOf(wish, isMarket, scene.now);
  return {
    type: wish.type,
    instrument,
    units: unitsOf(wish.units, instrument, scene),
    price: isMarket ? null : priceOf(wish.price, instrument),
    priceBound: wish.priceBound === undefined ? null : boundOf(wish.priceBound, instrument),
    ...timing,
    positionFill: wish.positionFill === 'POSITION_DEFAULT' ? 'DEFAULT' : wish.positionFill,
    clientExtensions: wish.clientExtensions ?? null,
    tradeClientExtensions: wish.tradeClientExtensions ?? null,
    takeProfitOnFill:
      wish.takeProfitOnFill === undefined ? null : readOnFill(wish.takeProfitOnFill, 'TAKE_PROFIT', instrument),
    stopLossOnFill: wish.stopLossOnFill === undefined ? null : readOnFill(wish.stopLossOnFill, 'STOP_LOSS', instrument),
    tradeId: null,
  };
}

function dependentTerms(wish: OrderWish, type: 'TAKE_PROFIT' | 'STOP_LOSS', scene: ReadingScene): OrderTerms {
  const specifier = wish.tradeID ?? (wish.clientTradeID === undefined ? '' : `@${wish.clientTradeID}`);
  const trade = scene.tradeOf(specifier);
  if (trade === undefined) throw new Refused('TRADE_DOESNT_EXIST');
  const timing = timingOf(wish, false, scene.now);
  return {
    type,
    instrument: trade.instrument,
    units: null,
    price: priceOf(wish.price, trade.instrument),
    priceBound: null,
    ...timing,
    positionFill: 'REDUCE_ONLY',
    clientExtensions: wish.clientExtensions ?? null,
    tradeClientExtensions: null,
    takeProfitOnFill: null,
    stopLossOnFill: null,
    tradeId: trade.id,
  };
}

function unitsOf(text: string | undefined, instrument: Instrument, scene: ReadingScene): number {
  if (text === undefined || text === '') throw new Refused('UNITS_MISSING');
  const value = scaled(text, instrument.quantityDecimals, {
    invalid: 'UNITS_INVALID',
    precise: 'UNITS_PRECISION_EXCEEDED',
  });
  if (value === 0) throw new Refused('UNITS_INVALID');
  if (parseDecimalText(text, scene.unitsDecimals(instrument)) === undefined)
    throw new Refused('UNITS_PRECISION_EXCEEDED');
  if (Math.abs(value) < instrument.minimumQuantity) throw new Refused('UNITS_MIMIMUM_NOT_MET');
  if (Math.abs(value) > scene.maximumUnits(instrument)) throw new Refused('UNITS_LIMIT_EXCEEDED');
  if (value % instrument.lotSize !== 0) throw new Refused('UNITS_PRECISION_EXCEEDED');
  return value;
}

function priceOf(text: string | undefined, instrument: Instrument): number {
  if (text === undefined || text === '') throw new Refused('PRICE_MISSING');
  const precise = 'PRICE_PRECISION_EXCEEDED';
  const value = scaled(text, instrument.priceDecimals, { invalid: 'PRICE_INVALID', precise });
  if (value <= 0) throw new Refused('PRICE_INVALID');
  if (value % instrument.tickSize !== 0) throw new Refused(precise);
  return value;
}

function boundOf(text: string, instrument: Instrument): number {
  const precise = 'PRICE_BOUND_PRECISION_EXCEEDED';
  const value = scaled(text, instrument.priceDecimals, { invalid: 'PRICE_BOUND_INVALID', precise });
  if (value <= 0) throw new Refused('PRICE_BOUND_INVALID');
  return value;
}

function timingOf(wish: OrderWish, isMarket: boolean, now: number): Pick<OrderTerms, 'timeInForce' | 'gtdAt'> {
  const timeInForce = wish.timeInForce ?? (isMarket ? 'FOK' : 'GTC');
  const isAtOnce = timeInForce === 'FOK' || timeInForce === 'IOC';
  if (isMarket !== isAtOnce) throw new Refused('TIME_IN_FORCE_INVALID');
  if (timeInForce !== 'GTD') return { timeInForce, gtdAt: null };
  if (wish.gtdTime === undefined) throw new Refused('TIME_IN_FORCE_GTD_TIMESTAMP_MISSING');
  const gtdAt = parseInstant(wish.gtdTime);
  if (gtdAt === undefined) throw new Refused('TIME_IN_FORCE_GTD_TIMESTAMP_MISSING');
  if (gtdAt <= now) throw new Refused('TIME_IN_FORCE_GTD_TIMESTAMP_IN_PAST');
  return { timeInForce, gtdAt };
}

function checkExtensions(extensions: ClientExtensions | undefined): void {
  const id = extensions?.id;
  if (id !== undefined && (id === '' || id.length > 128)) throw new Refused('CLIENT_ORDER_ID_INVALID');
}

/** Whole steps of a decimal text; what is a number with too many digits is told apart from what is none. */
function scaled(text: string, decimals: number, reasons: { invalid: RejectReason; precise: RejectReason }): number {
  const value = parseDecimalText(text.replace(/^\+/, ''), decimals);
  if (value !== undefined) return value;
  throw new Refused(/^[+-]?\d+(\.\d+)?$/.test(text) ? reasons.precise : reasons.invalid);
}
