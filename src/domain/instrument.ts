import { z } from 'zod';
import { assert, present } from '#base/assert.ts';

/** `EURUSD.OANDA`, `BTCUSDT-PERP.BINANCE`: the instrument and the venue it trades on. */
export type InstrumentId = string;

const currencySchema = z.string().regex(/^[A-Z0-9]{3,8}$/, 'a currency is 3 to 8 capital letters or digits');

/**
 * What can be traded and how its figures are counted. `symbol` is the spelling of seed interfaces and files (`EUR_USD`).
 * `marginRate` is the initial margin as a fraction of notional. Tick and lot are counted in the declared decimals.
 */
export const instrumentSchema = z.strictObject({
  id: z.string().regex(/^[A-Z0-9]+(-PERP)?\.[A-Z0-9]+$/),
  symbol: z.string().min(1),
  venue: z.string().min(1),
  kind: z.enum(['fx', 'perpetual']),
  baseCurrency: currencySchema,
  quoteCurrency: currencySchema,
  priceDecimals: z.int().min(0).max(10),
  quantityDecimals: z.int().min(0).max(8),
  tickSize: z.int().min(1),
  lotSize: z.int().min(1),
  minimumQuantity: z.int().min(1),
  maximumQuantity: z.int().min(1),
  pipDecimals: z.int().min(0).max(10),
  contractSize: z.int().min(1),
  marginRate: z.number().gt(0).max(1),
});

export type Instrument = Readonly<z.infer<typeof instrumentSchema>>;

/** A currency pair as OANDA lists it: fractional pips as tick, whole units, fifty to one. */
export function fxInstrument(symbol: string, marginRate = 0.02): Instrument {
  const parts = /^([A-Z]{3})_([A-Z]{3})$/.exec(symbol);
  assert(parts !== null, `a pair is written like EUR_USD, found '${symbol}'`);
  const baseCurrency = present(parts[1], 'base currency');
  const quoteCurrency = present(parts[2], 'quote currency');
  const priceDecimals = quoteCurrency === 'JPY' ? 3 : 5;
  return {
    id: `${baseCurrency}${quoteCurrency}.OANDA`,
    symbol,
    venue: 'OANDA',
    kind: 'fx',
    baseCurrency,
    quoteCurrency,
    priceDecimals,
    quantityDecimals: 0,
    tickSize: 1,
    lotSize: 1,
    minimumQuantity: 1,
    maximumQuantity: 100_000_000,
    pipDecimals: priceDecimals - 1,
    contractSize: 1,
    marginRate,
  };
}

/** The id of a pair from either spelling, `EUR_USD` or `EURUSD.OANDA`; undefined where it is neither. */
export function fxInstrumentId(text: string): InstrumentId | undefined {
  if (/^[A-Z]{3}_[A-Z]{3}$/.test(text)) return `${text.slice(0, 3)}${text.slice(4)}.OANDA`;
  return /^[A-Z]{6}\.OANDA$/.test(text) ? text : undefined;
}

/** One pip in price ticks: 10 where prices carry a fractional pip. */
export function pipTicks(instrument: Instrument): number {
  let ticks = 1;
  for (let i = instrument.pipDecimals; i < instrument.priceDecimals; i += 1) ticks *= 10;
  return ticks;
}
