import { VenueError } from '#domain/venue-error.ts';
import type { LiveReport } from '#engine/live-port.ts';
import { instrumentIdOf, setPosition, setWallet } from './account-book.ts';
import { type AccountReading, isSameReading, type ReaderOptions, readAccount } from './account-reader.ts';
import { openOrder } from './mapper.ts';
import { readOpenOrders } from './open-orders.ts';

/** How often the account is read anew because it moved meanwhile. */
export const readingsMax = 5;

/**
 * The venue's own books at one instant: the account is read before and after the orders, until nothing moved in between. The cursor is
 * an instant between the two readings, so that the history before it is in the report and the history after it is not.
 */
export async function readReport(options: ReaderOptions): Promise<LiveReport> {
  const { rest, book } = options;
  let before = await readAccount(options);
  for (let readings = 1; readings < readingsMax; readings++) {
    const cursor = String(rest.venueNow());
    const orders = await readOpenOrders(options);
    const after = await readAccount(options);
    if (!isSameReading(before, after)) {
      before = after;
      continue;
    }
    adopt(after, options);
    const openOrders = orders.flatMap((facts) => {
      const market = book.markets.get(facts.symbol);
      return market === undefined ? [] : [openOrder(facts, market.instrument)];
    });
    return { balance: after.balance, positions: positionsOf(after), openOrders, cursor };
  }
  throw new VenueError('unreachable', 'MOVING', `the account moved during each of '${readingsMax}' readings`);
}

/** What was read is what the stream goes on from. */
export function adopt({ balance, balanceAt, positions }: AccountReading, { book }: Pick<ReaderOptions, 'book'>): void {
  setWallet(book, balance, Math.max(balanceAt, book.wallet.at));
  for (const symbol of [...book.positions.keys()]) if (!positions.has(symbol)) setPosition(book, symbol, 0);
  for (const [symbol, { signedQuantity }] of positions) setPosition(book, symbol, signedQuantity);
}

function positionsOf({ positions }: AccountReading): LiveReport['positions'] {
  return [...positions].map(([symbol, { signedQuantity, cost }]) => ({
    instrument: instrumentIdOf(symbol),
    signedQuantity,
    cost,
  }));
}
