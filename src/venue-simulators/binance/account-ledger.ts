import { assert, present } from '#base/assert.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { applyFill, flatPosition, type Position, type PositionFill } from '#domain/position.ts';

/** One of our trades as the account's history lists it. */
export interface TradeRow {
  readonly tradeId: number;
  readonly orderId: bigint;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly price: string;
  readonly quantity: string;
  readonly quoteQuantity: string;
  readonly realizedPnl: string;
  readonly fee: string;
  readonly feeAsset: string;
  readonly isMaker: boolean;
  readonly at: number;
}

export type IncomeType = 'COMMISSION' | 'REALIZED_PNL' | 'FUNDING_FEE' | 'TRANSFER' | 'INSURANCE_CLEAR';

export interface IncomeRow {
  readonly symbol: string;
  readonly incomeType: IncomeType;
  readonly income: string;
  readonly asset: string;
  readonly at: number;
  readonly transactionId: number;
  readonly tradeId: string;
}

/** How many rows of each history are kept; the oldest go first. */
export const HISTORY_ROWS_MAX = 200_000;
const trimStep = 10_000;

/**
 * The account as the wire shows it: it moves with each event as that is told, while the floor may already be further on within the same
 * instant. At rest both agree to the step.
 */
export interface AccountLedger {
  readonly asset: string;
  readonly moneyDecimals: number;
  /** In steps of money. */
  balance: number;
  /** Assets besides the account's own, as texts of the venue. */
  readonly otherAssets: Map<string, number>;
  readonly positions: Map<InstrumentId, Position>;
  readonly positionUpdatedAt: Map<InstrumentId, number>;
  readonly trades: TradeRow[];
  readonly incomes: IncomeRow[];
  isHedged: boolean;
  isMultiAssets: boolean;
  canTrade: boolean;
  canWithdraw: boolean;
  updatedAt: number;
}

export function createLedger(origin: { asset: string; moneyDecimals: number; balance: number }): AccountLedger {
  return {
    ...origin,
    otherAssets: new Map(),
    positions: new Map(),
    positionUpdatedAt: new Map(),
    trades: [],
    incomes: [],
    isHedged: false,
    isMultiAssets: false,
    canTrade: true,
    canWithdraw: false,
    updatedAt: 0,
  };
}

/** The position of an instrument, flat where there never was one. */
export function positionOf(ledger: AccountLedger, instrument: InstrumentId): Position {
  const known = ledger.positions.get(instrument);
  if (known !== undefined) return known;
  const position = flatPosition(instrument);
  ledger.positions.set(instrument, position);
  return position;
}

export function moveBalance(ledger: AccountLedger, amount: number, at: number): void {
  assert(Number.isSafeInteger(amount), `an amount is a whole number of steps, found '${amount}'`);
  ledger.balance += amount;
  ledger.updatedAt = at;
}

export function bookPosition(ledger: AccountLedger, instrument: InstrumentId, fill: PositionFill): void {
  applyFill(positionOf(ledger, instrument), fill);
  ledger.positionUpdatedAt.set(instrument, fill.at);
}

export function addTrade(ledger: AccountLedger, row: TradeRow): void {
  pushBounded(ledger.trades, row);
}

export function addIncome(ledger: AccountLedger, row: IncomeRow): void {
  pushBounded(ledger.incomes, row);
}

/** Money of other assets, in steps of eight decimals. */
export function moveOtherAsset(ledger: AccountLedger, asset: string, amount: number): number {
  ledger.otherAssets.set(asset, (ledger.otherAssets.get(asset) ?? 0) + amount);
  return present(ledger.otherAssets.get(asset), 'balance');
}

/** The oldest rows go many at a time, so that a full history does not move with every row. */
function pushBounded<T>(rows: T[], row: T): void {
  rows.push(row);
  if (rows.length >= HISTORY_ROWS_MAX + trimStep) rows.splice(0, rows.length - HISTORY_ROWS_MAX);
}
