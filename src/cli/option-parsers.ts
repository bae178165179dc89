import { InvalidArgumentError } from 'commander';
import { nearestName } from '#domain/nearest-name.ts';

const dayMs = 86_400_000;
/** Epoch milliseconds have twelve digits from March 1973 on; fewer are seconds or a slip. */
const epochPattern = /^\d{12,15}$/;
const instantPattern = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** The currencies of the pairs that OANDA offers. */
const currencies = 'AUD CAD CHF CNH CZK DKK EUR GBP HKD HUF JPY MXN NOK NZD PLN SEK SGD THB TRY USD ZAR'.split(' ');
const usualSymbols = ['EUR_USD', 'USD_JPY', 'GBP_USD', 'EUR_JPY', 'USD_CAD', 'NZD_USD', 'AUD_USD', 'USD_CHF'];

/** A whole number between two bounds, both included. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`expected a whole number from ${minimum} to ${maximum}, found '${text}'`);
  };
}

/** An amount above zero, in whole units of the account currency or with decimals. */
export function amount(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 1e9) return value;
  throw new InvalidArgumentError(`expected an amount above 0 and up to 1000000000, found '${text}'`);
}

/** An instant in ms UTC: epoch milliseconds, a day (its beginning), or a day and clock time, UTC unless a zone is told. */
export function instant(text: string): number {
  const at = instantOf(text.trim());
  if (at !== undefined) return at;
  throw new InvalidArgumentError(`expected a time like '2025-01-31T08:00:00Z' or epoch milliseconds, found '${text}'`);
}

/** The end of a span: as an instant, but a day without a clock time is taken whole. Returns the first instant no longer in it. */
export function instantAfter(text: string): number {
  return /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? instant(text) + dayMs : instant(text);
}

/** A pair as data folders spell it, `EUR_USD`, from that spelling or from `EURUSD.OANDA`, in any case of letters. */
export function symbol(text: string): string {
  const spelled = /^([A-Z]{3})_?([A-Z]{3})(?:\.OANDA)?$/.exec(text.trim().toUpperCase());
  const [, base = '', quote = ''] = spelled ?? [];
  const isPair = /_|\.OANDA$/i.test(text) && base !== quote;
  if (isPair && currencies.includes(base) && currencies.includes(quote)) return `${base}_${quote}`;
  const nearest = nearestName(text.toUpperCase(), usualSymbols);
  throw new InvalidArgumentError(
    `expected a pair of two currencies like EUR_USD, found '${text}'; the nearest of the usual ones is '${nearest}'`,
  );
}

/** Pairs separated by commas, each once. */
export function symbols(text: string): readonly string[] {
  const found = text.split(',').map(symbol);
  const doubled = found.find((name, place) => found.indexOf(name) !== place);
  if (doubled === undefined) return found;
  throw new InvalidArgumentError(`expected each pair once, found '${doubled}' twice`);
}

/** Pairs, or futures as Binance spells them, each once. */
export function instrumentList(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  return names.every((name) => /^[A-Z0-9]{2,15}USD[TC]$/.test(name)) ? [...new Set(names)] : symbols(text);
}

/** Adds `NAME=VALUE` to those before it; of the same name the last counts. */
export function assignment(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const match = /^([A-Za-z_][A-Za-z0-9_*]*)=(.*)$/s.exec(text);
  if (match === null) throw new InvalidArgumentError(`expected NAME=VALUE, found '${text}'`);
  return { ...before, [match[1] ?? '']: match[2] ?? '' };
}

function instantOf(text: string): number | undefined {
  if (epochPattern.test(text)) return Number(text);
  const match = instantPattern.exec(text);
  if (match === null) return undefined;
  const [, day = '', clock = '00:00', seconds = ':00', zone = 'Z'] = match;
  const dayAt = Date.parse(`${day}T00:00:00Z`);
  // The platform rolls a thirtieth of February over into March; a slip must not become another day.
  if (Number.isNaN(dayAt) || !new Date(dayAt).toISOString().startsWith(day)) return undefined;
  const at = Date.parse(`${day}T${clock}${seconds}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}
