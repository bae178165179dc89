import { z } from 'zod';
import { parseDecimalRounded, parseDecimalText } from '#domain/decimal-text.ts';
import type { Instrument } from '#domain/instrument.ts';
import { mulDivRound, scaleOf } from '#domain/scale.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { AccountBook } from './account-book.ts';
import { moneyOf } from './mapper.ts';
import type { BinanceRest } from './rest.ts';
import { balanceSchema, type PositionRisk, positionRiskSchema } from './schema.ts';

/** Decimals in which average entry prices are read: more than prices have, since averages fall between ticks. */
const averageDecimals = 10;

export interface AccountReading {
  readonly balance: number;
  /** The venue's time up to which the balance is whole. */
  readonly balanceAt: number;
  /** Signed quantities and costs by symbol; flat ones are left out. */
  readonly positions: ReadonlyMap<string, { readonly signedQuantity: number; readonly cost: number }>;
}

export interface ReaderOptions {
  readonly rest: BinanceRest;
  readonly book: AccountBook;
  readonly onNotice: (text: string) => void;
}

/**
 * The balance and the positions as the venue has them. Only a whole, readable answer proves that a symbol that is not in it is flat;
 * anything else rejects with a `VenueError`.
 */
export async function readAccount(options: ReaderOptions): Promise<AccountReading> {
  const { balance, balanceAt } = await readBalance(options);
  const rows = await options.rest.ask('positionRisk', {}, z.array(positionRiskSchema));
  const positions: [string, { signedQuantity: number; cost: number }][] = [];
  for (const row of rows) {
    const position = readPosition(row, options);
    if (position !== undefined && position.signedQuantity !== 0) positions.push([row.symbol, position]);
  }
  return { balance, balanceAt, positions: new Map(positions) };
}

/** The wallet balance of the account's asset. An account that never held it has none of it. */
export async function readBalance({
  rest,
  book,
}: ReaderOptions): Promise<Pick<AccountReading, 'balance' | 'balanceAt'>> {
  const askedAt = rest.venueNow();
  const rows = await rest.ask('balance', {}, z.array(balanceSchema));
  const row = rows.find(({ asset }) => asset === book.accountCurrency);
  if (row === undefined) return { balance: 0, balanceAt: askedAt };
  const balance = moneyOf(row.balance, book);
  if (balance === undefined) throw unreadable(`the balance '${row.balance.slice(0, 40)}'`);
  const at = row.updateTime ?? 0;
  return { balance, balanceAt: at > 0 ? at : askedAt };
}

/** Whether two readings are of the same account: nothing happened between them. */
export function isSameReading(a: AccountReading, b: AccountReading): boolean {
  return a.balance === b.balance && isSamePositions(quantitiesOf(a), quantitiesOf(b));
}

export function quantitiesOf(reading: AccountReading): ReadonlyMap<string, number> {
  return new Map([...reading.positions].map(([symbol, { signedQuantity }]) => [symbol, signedQuantity]));
}

export function isSamePositions(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([symbol, quantity]) => b.get(symbol) === quantity);
}

function readPosition(
  row: PositionRisk,
  { book, onNotice }: ReaderOptions,
): { signedQuantity: number; cost: number } | undefined {
  const isFlat = !/[1-9]/.test(row.positionAmt);
  if (isFlat) return undefined;
  if (row.positionSide !== 'BOTH') {
    throw new VenueError(
      'refused',
      'HEDGE_MODE',
      `one position for both sides is expected, found one for '${row.positionSide}'`,
    );
  }
  const market = book.markets.get(row.symbol);
  if (market === undefined) {
    onNotice(`a position in '${row.symbol.slice(0, 30)}' is left out: it is no instrument of ours`);
    return undefined;
  }
  const signedQuantity = parseDecimalText(row.positionAmt, market.instrument.quantityDecimals);
  if (signedQuantity === undefined) throw unreadable(`the position of '${row.symbol}'`);
  return { signedQuantity, cost: positionCost(row.entryPrice, Math.abs(signedQuantity), market.instrument) };
}

/** Average price times quantity, in ticks times steps, rounded once. */
export function positionCost(entryPrice: string, quantity: number, instrument: Instrument): number {
  const average = parseDecimalRounded(entryPrice, averageDecimals, 'halfEven');
  if (average === undefined || average < 0) throw unreadable(`the entry price '${entryPrice.slice(0, 40)}'`);
  return mulDivRound(average, quantity, scaleOf(averageDecimals - instrument.priceDecimals), 'halfEven');
}

function unreadable(what: string): VenueError {
  return new VenueError('unreachable', 'UNREADABLE', `${what} cannot be read`);
}
