import { parseDecimalText } from '#domain/decimal-text.ts';
import { malformedParameter, missingParameter, type Refusal, tooPrecise } from './refusals.ts';

/** A figure of a call in whole steps of the decimals, or why it is none: missing, no plain decimal, or finer than the decimals. */
export function decimalParameter(name: string, text: string | undefined, decimals: number): number | Refusal {
  if (text === undefined || text === '') return missingParameter(name);
  if (!/^-?\d{1,15}(\.\d{1,20})?$/.test(text)) return malformedParameter(name);
  return parseDecimalText(text, decimals) ?? tooPrecise(name);
}
