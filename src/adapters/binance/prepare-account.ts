import type { Instrument } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { EndpointName } from './endpoints.ts';
import type { MarketTable } from './market-table.ts';
import type { BinanceRest } from './rest.ts';
import type { Parameters } from './signing.ts';

/** The venue's words for "it is so already". */
const unchangedCodes = new Set(['-4046', '-4059']);

export type MarginType = 'ISOLATED' | 'CROSSED';

export interface PrepareOptions {
  readonly rest: BinanceRest;
  readonly table: MarketTable;
  readonly leverage: number;
  readonly marginType: MarginType;
}

/** What the venue says where a margin type stays as it is while something is open: it is not worth leaving positions alone for. */
const standingCodes = new Set(['-4047', '-4048']);

/** An instrument whose margin type cannot be set at present, and why. */
export interface UnpreparedMarket {
  readonly instrument: Instrument;
  readonly reason: string;
}

/**
 * Sets leverage and margin type where they are not as wanted, and reads them back: what the account says counts, not what was asked.
 * Returns the instruments whose margin type has to wait until nothing is open on them any more.
 */
export async function prepareAccount(
  instruments: readonly Instrument[],
  options: PrepareOptions,
): Promise<readonly UnpreparedMarket[]> {
  const { rest, table, leverage, marginType } = options;
  const waiting: UnpreparedMarket[] = [];
  for (const instrument of instruments) {
    const { symbol } = instrument;
    const before = await table.readConfig(symbol);
    const isMarginRight = marginTypeOf(before.marginType) === marginType;
    const standing = isMarginRight ? undefined : await setMarginType(rest, { symbol, marginType });
    if (standing !== undefined) waiting.push({ instrument, reason: standing });
    if (before.leverage !== leverage) await set(rest, 'leverage', { symbol, leverage });
    const after = await table.readConfig(symbol);
    const isSettled = standing !== undefined || marginTypeOf(after.marginType) === marginType;
    if (after.leverage === leverage && isSettled) continue;
    const found = `'${after.leverage}' and '${after.marginType}'`;
    const expected = `'${leverage}' and '${marginType}'`;
    throw new VenueError(
      'refused',
      'NOT_PREPARED',
      `leverage and margin type of '${symbol}' are to be ${expected}, found ${found}`,
    );
  }
  return waiting;
}

/** Why the margin type has to stay as it is; undefined where it was set. */
async function setMarginType(rest: BinanceRest, parameters: Parameters): Promise<string | undefined> {
  try {
    await set(rest, 'marginType', parameters);
    return undefined;
  } catch (error) {
    if (error instanceof VenueError && standingCodes.has(error.code)) return error.message;
    throw error;
  }
}

/** The same thing is spelled four ways by the venue. */
export function marginTypeOf(text: string): MarginType {
  return text.toUpperCase().startsWith('ISOLATED') ? 'ISOLATED' : 'CROSSED';
}

async function set(rest: BinanceRest, name: EndpointName, parameters: Parameters): Promise<void> {
  const answer = await rest.call(name, parameters);
  if (answer.type === 'confirmed') return;
  if (answer.type === 'refused' && unchangedCodes.has(answer.code)) return;
  // Setting it twice does no harm, and what is unknown is read back.
  if (answer.type === 'unknown') return;
  const kind = answer.type === 'denied' ? 'denied' : 'refused';
  throw new VenueError(
    kind,
    answer.code,
    `'${name}' of '${parameters['symbol']}' was refused with '${answer.code}': ${answer.reason}`,
  );
}
