import { parseDecimalRounded, parseDecimalText } from '#domain/decimal-text.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { Side } from '#domain/order.ts';
import { formatScaled, toDecimal } from '#domain/scale.ts';
import type { VenueInstrument } from './schema.ts';

export const venueName = 'OANDA';

/** What figures are counted in: instruments by the venue's symbol, and the decimals of the desk's money. */
export interface Figures {
  readonly moneyDecimals: number;
  instrumentOf(symbol: string): Instrument | undefined;
}

const symbolForm = /^([A-Z0-9]{3,8})_([A-Z0-9]{3,8})$/;
const rateDecimals = 10;

/** `EURUSD.OANDA` of `EUR_USD`; undefined for a symbol of another form. */
export function instrumentIdOf(symbol: string): InstrumentId | undefined {
  const parts = symbolForm.exec(symbol);
  return parts === null ? undefined : `${parts[1]}${parts[2]}.${venueName}`;
}

/** An instrument as the account may trade it; undefined where a figure is missing or not of its form. */
export function mapInstrument(listed: VenueInstrument): Instrument | undefined {
  const id = instrumentIdOf(listed.name);
  const [baseCurrency = '', quoteCurrency = ''] = listed.name.split('_');
  const { displayPrecision, tradeUnitsPrecision } = listed;
  if (id === undefined || !isWithin(displayPrecision, 10) || !isWithin(tradeUnitsPrecision, 8)) return undefined;
  const minimumQuantity = parseDecimalText(listed.minimumTradeSize, tradeUnitsPrecision);
  const maximumQuantity = parseDecimalRounded(listed.maximumOrderUnits, tradeUnitsPrecision, 'towardZero');
  const marginRate = parseDecimalRounded(listed.marginRate, rateDecimals, 'up');
  if (minimumQuantity === undefined || maximumQuantity === undefined || marginRate === undefined) return undefined;
  if (minimumQuantity < 1 || maximumQuantity < minimumQuantity) return undefined;
  if (marginRate <= 0 || toDecimal(marginRate, rateDecimals) > 1) return undefined;
  return {
    id,
    symbol: listed.name,
    venue: venueName,
    kind: 'fx',
    baseCurrency,
    quoteCurrency,
    priceDecimals: displayPrecision,
    quantityDecimals: tradeUnitsPrecision,
    tickSize: 1,
    lotSize: 1,
    minimumQuantity,
    maximumQuantity,
    pipDecimals: Math.min(10, Math.max(0, -listed.pipLocation)),
    contractSize: 1,
    marginRate: toDecimal(marginRate, rateDecimals),
  };
}

/** A price in ticks; undefined for what is no positive price of the instrument's decimals. */
export function priceOf(text: string | undefined, instrument: Instrument): number | undefined {
  const price = text === undefined ? undefined : parseDecimalText(text, instrument.priceDecimals);
  return price !== undefined && price > 0 ? price : undefined;
}

/** A price that may be an average, in whole ticks. */
export function averagePriceOf(text: string | undefined, instrument: Instrument): number | undefined {
  const price = text === undefined ? undefined : parseDecimalRounded(text, instrument.priceDecimals, 'halfEven');
  return price !== undefined && price > 0 ? price : undefined;
}

/** Units with the sign of their direction. */
export function unitsOf(text: string | undefined, instrument: Instrument): number | undefined {
  return text === undefined ? undefined : parseDecimalText(text, instrument.quantityDecimals);
}

/** An amount of the account's currency in the desk's decimals. */
export function moneyOf(text: string | undefined, figures: Figures): number | undefined {
  return text === undefined ? undefined : parseDecimalRounded(text, figures.moneyDecimals, 'halfEven');
}

/** A quantity as the venue reads it: a sale is negative. */
export function unitsText(side: Side, quantity: number, instrument: Instrument): string {
  return formatScaled(side === 'sell' ? -quantity : quantity, instrument.quantityDecimals);
}

export function priceText(price: number, instrument: Instrument): string {
  return formatScaled(price, instrument.priceDecimals);
}

function isWithin(decimals: number, most: number): boolean {
  return decimals >= 0 && decimals <= most;
}
