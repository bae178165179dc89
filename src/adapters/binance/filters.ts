import { type DecimalRounding, parseDecimalRounded, parseDecimalText } from '#domain/decimal-text.ts';
import { type Instrument, instrumentSchema } from '#domain/instrument.ts';
import type { ExchangeSymbol } from './schema.ts';

/** Decimals in which notionals and shares of the filters are kept. */
export const filterDecimals = 8;

/** What the venue checks beyond the instrument's own figures. */
export interface Filters {
  /** In `filterDecimals` of the quote currency; 0 where the venue asks for none. */
  readonly minimumNotional: number;
  /** Bounds of a price, in ticks. */
  readonly minimumPrice: number;
  readonly maximumPrice: number;
  /** Bounds of a limit price as shares of the mark price, in `filterDecimals`; 0 where there is none. */
  readonly multiplierUp: number;
  readonly multiplierDown: number;
  /** Largest quantity of a limit order; a market order's is the instrument's own maximum. */
  readonly limitQuantityMax: number;
  /** How many conditional orders may work at once; 0 where nothing is said. */
  readonly algoOrdersMax: number;
}

/** One symbol of the venue as we count it. */
export interface Market {
  readonly instrument: Instrument;
  readonly filters: Filters;
  readonly isTrading: boolean;
  /** The venue's word for how it trades now. */
  readonly status: string;
}

/** Decimals that an instrument has been given once are never changed, whatever steps the venue takes later. */
export type FixedDecimals = Pick<Instrument, 'priceDecimals' | 'quantityDecimals'>;

/** The venue's symbol as an instrument with its filters, or why it cannot be one. `leverage` is what is set at the account. */
export function readMarket(
  symbol: ExchangeSymbol,
  leverage: number,
  fixed?: FixedDecimals,
): Market | { readonly problem: string } {
  if (symbol.contractType !== 'PERPETUAL')
    return { problem: `a perpetual is expected, found '${symbol.contractType}'` };
  const figures = readFigures(symbol, fixed);
  if (figures === undefined) return { problem: 'its price and lot filters cannot be read' };
  const { priceDecimals, quantityDecimals, ...sizes } = figures;
  const parsed = instrumentSchema.safeParse({
    id: `${symbol.symbol}-PERP.BINANCE`,
    symbol: symbol.symbol,
    venue: 'BINANCE',
    kind: 'perpetual',
    baseCurrency: symbol.baseAsset,
    quoteCurrency: symbol.quoteAsset,
    priceDecimals,
    quantityDecimals,
    tickSize: sizes.tickSize,
    lotSize: sizes.lotSize,
    minimumQuantity: sizes.minimumQuantity,
    maximumQuantity: sizes.maximumQuantity,
    pipDecimals: priceDecimals,
    contractSize: 1,
    marginRate: 1 / leverage,
  });
  if (!parsed.success) return { problem: `it does not fit an instrument: ${parsed.error.issues[0]?.path.join('.')}` };
  const { status } = symbol;
  return { instrument: parsed.data, filters: readFilters(symbol, figures), isTrading: status === 'TRADING', status };
}

/** How many decimals a step has, its trailing zeros apart: '0.10' has one. Undefined where it is no plain positive decimal. */
export function decimalsOf(step: string): number | undefined {
  const match = /^\d+(?:\.(\d*?)0*)?$/.exec(step);
  return match === null || !/[1-9]/.test(step) ? undefined : (match[1] ?? '').length;
}

interface Figures {
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly tickSize: number;
  readonly lotSize: number;
  readonly minimumQuantity: number;
  readonly maximumQuantity: number;
  readonly limitQuantityMax: number;
}

/** The declared precisions of the venue are not the steps it checks, so that the steps alone are read. */
function readFigures(symbol: ExchangeSymbol, fixed: FixedDecimals | undefined): Figures | undefined {
  const price = filterOf(symbol, 'PRICE_FILTER');
  const lot = filterOf(symbol, 'LOT_SIZE');
  const market = filterOf(symbol, 'MARKET_LOT_SIZE') ?? lot;
  const priceDecimals = fixed?.priceDecimals ?? decimalsOf(price?.tickSize ?? '');
  const quantityDecimals = fixed?.quantityDecimals ?? decimalsOf(lot?.stepSize ?? '');
  if (priceDecimals === undefined || quantityDecimals === undefined) return undefined;
  const tickSize = parseDecimalText(price?.tickSize ?? '', priceDecimals);
  const lotSize = parseDecimalText(lot?.stepSize ?? '', quantityDecimals);
  const quantity = (text: string | undefined, rounding: DecimalRounding): number | undefined =>
    parseDecimalRounded(text ?? '', quantityDecimals, rounding);
  const limitQuantityMax = quantity(lot?.maxQty, 'towardZero');
  const marketMax = quantity(market?.maxQty, 'towardZero');
  const minimum = quantity(lot?.minQty, 'up');
  const marketMinimum = quantity(market?.minQty, 'up') ?? minimum;
  if (tickSize === undefined || lotSize === undefined || limitQuantityMax === undefined) return undefined;
  if (marketMax === undefined || minimum === undefined || marketMinimum === undefined) return undefined;
  return {
    priceDecimals,
    quantityDecimals,
    tickSize,
    lotSize,
    minimumQuantity: Math.max(minimum, marketMinimum, lotSize),
    maximumQuantity: Math.min(limitQuantityMax, marketMax),
    limitQuantityMax,
  };
}

function readFilters(symbol: ExchangeSymbol, figures: Figures): Filters {
  const price = filterOf(symbol, 'PRICE_FILTER');
  const percent = filterOf(symbol, 'PERCENT_PRICE');
  const share = (text: string | undefined): number => parseDecimalRounded(text ?? '', filterDecimals, 'halfEven') ?? 0;
  const bound = (text: string | undefined, otherwise: number): number => {
    const ticks = parseDecimalRounded(text ?? '', figures.priceDecimals, 'towardZero');
    return ticks === undefined || ticks === 0 ? otherwise : ticks;
  };
  return {
    minimumNotional: share(filterOf(symbol, 'MIN_NOTIONAL')?.notional),
    minimumPrice: bound(price?.minPrice, 1),
    maximumPrice: bound(price?.maxPrice, Number.MAX_SAFE_INTEGER),
    multiplierUp: share(percent?.multiplierUp),
    multiplierDown: share(percent?.multiplierDown),
    limitQuantityMax: figures.limitQuantityMax,
    algoOrdersMax: filterOf(symbol, 'MAX_NUM_ALGO_ORDERS')?.limit ?? 0,
  };
}

function filterOf(symbol: ExchangeSymbol, type: string): ExchangeSymbol['filters'][number] | undefined {
  return symbol.filters.find(({ filterType }) => filterType === type);
}
