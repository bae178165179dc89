import { parseDecimalText } from '#domain/decimal-text.ts';
import {
  type AccountBook,
  instrumentIdOf,
  isNewFunding,
  isNewTransfer,
  type Reaction,
  setPosition,
  setWallet,
} from './account-book.ts';
import { moneyOf } from './mapper.ts';
import { quarantined } from './quarantine.ts';
import type { AccountUpdate } from './schema.ts';

/** Changes of the balance that fills or nothing at all account for. */
const silentReasons = new Set(['ORDER', 'MARGIN_TYPE_CHANGE', 'WITHDRAW_REJECT']);

/** What follows from a message about the balance and the positions; only what changed is in it. */
export function onAccountUpdate(update: AccountUpdate, book: AccountBook): readonly Reaction[] {
  const positions = update.a.P.flatMap((position) => [
    ...positionReactions(position, book),
    ...settingReactions(update.a.m, position.s, book),
  ]);
  const entry = update.a.B.find(({ a }) => a === book.accountCurrency);
  if (entry === undefined) return positions;
  const balance = moneyOf(entry.wb, book);
  if (balance === undefined) return [...positions, ...unreadable(update, 'a balance cannot be read')];
  const told = entry.bc === undefined ? undefined : moneyOf(entry.bc, book);
  const amount = told ?? balance - book.wallet.balance;
  setWallet(book, balance, update.T);
  return [...positions, ...balanceReactions(update, { amount, balance }, book)];
}

function positionReactions({ s, pa, ps }: AccountUpdate['a']['P'][number], book: AccountBook): readonly Reaction[] {
  const market = book.markets.get(s);
  if (ps !== undefined && ps !== 'BOTH') {
    const reason = `one position for both sides is expected, found one for '${ps}'`;
    return [{ type: 'impair', part: 'accountMode', instrument: null, reason }];
  }
  const quantity = market === undefined ? undefined : parseDecimalText(pa, market.instrument.quantityDecimals);
  if (quantity === undefined) {
    return [{ type: 'checkAccount', reason: `a position in '${s.slice(0, 30)}' cannot be read`, instrument: null }];
  }
  setPosition(book, s, quantity);
  return [];
}

/** Another hand has changed the margin type: it is put back, or nothing is added until it is. */
function settingReactions(reason: string, symbol: string, book: AccountBook): readonly Reaction[] {
  return reason === 'MARGIN_TYPE_CHANGE' && book.markets.has(symbol) ? [{ type: 'restoreSettings', symbol }] : [];
}

interface Change {
  readonly amount: number;
  readonly balance: number;
}

function balanceReactions(update: AccountUpdate, change: Change, book: AccountBook): readonly Reaction[] {
  const { m } = update.a;
  if (silentReasons.has(m) || change.amount === 0) return [];
  if (m !== 'FUNDING_FEE') {
    if (!isNewTransfer(book, change.amount, update.T)) return [];
    return [{ type: 'tell', input: { type: 'balance.changed', ...change, reason: m.slice(0, 50) || 'UNKNOWN' } }];
  }
  const symbol = update.a.P[0]?.s;
  // For crossed positions the message does not say what the funding was for; the account's income does.
  if (symbol === undefined || update.a.P.length > 1)
    return [{ type: 'askFunding', at: update.T, amount: change.amount }];
  if (!isNewFunding(book, symbol, update.T)) return [];
  return [
    { type: 'tell', input: { type: 'financing.charged', instrument: instrumentIdOf(symbol), ...change, days: 0 } },
  ];
}

function unreadable(update: AccountUpdate, reason: string): readonly Reaction[] {
  return [
    { type: 'tell', input: quarantined('account', reason, JSON.stringify(update.a)) },
    { type: 'checkAccount', reason, instrument: null },
  ];
}
