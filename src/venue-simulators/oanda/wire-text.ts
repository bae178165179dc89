import type { Instrument } from '#domain/instrument.ts';
import { formatScaled } from '#domain/scale.ts';

/** A price as the venue writes it, with all decimals of the instrument. */
export function priceText(instrument: Instrument, price: number): string {
  return formatScaled(price, instrument.priceDecimals);
}

/** Units with a sign, without zeros behind the point. */
export function unitsText(instrument: Instrument, signedQuantity: number): string {
  const text = formatScaled(signedQuantity, instrument.quantityDecimals);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** An amount of the account's currency; one that is not a whole number of steps is rounded to them. */
export function moneyText(amount: number, moneyDecimals: number): string {
  const whole = Math.round(amount);
  return formatScaled(whole === 0 ? 0 : whole, moneyDecimals);
}

/** A share such as that of the margin, with five decimals. */
export function shareText(share: number): string {
  return formatScaled(Math.round(share * 100_000), 5);
}

export type TimeFormat = 'RFC3339' | 'UNIX';

const instantPattern = /"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.(\d{9})Z"/g;

/** An instant on a whole millisecond, as the venue writes it by default. */
export function instantText(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000000Z`;
}

/** As above, with digits below the millisecond that depend on nothing but the instant and a number. */
export function fineInstantText(at: number, number: number): string {
  const below = (((at % 100_003) * 48_271 + number * 7_919) % 999_983) + 1;
  return `${new Date(at).toISOString().slice(0, -1)}${String(below).padStart(6, '0')}Z`;
}

/** A body as text. In the other format every instant in it becomes seconds with nine decimals. */
export function bodyText(body: unknown, format: TimeFormat): string {
  const text = JSON.stringify(body);
  if (format === 'RFC3339') return text;
  return text.replace(instantPattern, (_, whole: string, below: string) => {
    return `"${Date.parse(`${whole}Z`) / 1_000}.${below}"`;
  });
}

/** The instant that a client wrote in either format, in milliseconds with what lies below dropped; undefined where it is neither. */
export function parseInstant(text: string): number | undefined {
  if (/^\d{1,11}(\.\d{1,9})?$/.test(text)) {
    const [seconds = '0', below = ''] = text.split('.');
    return Number(seconds) * 1_000 + Number(below.slice(0, 3).padEnd(3, '0'));
  }
  const match = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?)?(Z|z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (match === null) return undefined;
  const [, day = '', clock = '00:00:00', below = '', zone = 'Z'] = match;
  const at = Date.parse(`${day}T${clock}.${below.slice(0, 3).padEnd(3, '0')}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? undefined : at;
}
