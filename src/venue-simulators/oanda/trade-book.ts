import { assert } from '#base/assert.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { ClientExtensions } from './account-order.ts';

/** How many closed trades are remembered; the oldest are forgotten first. */
const CLOSED_TRADES_MAX = 50_000;

/** What one fill opened and what is left of it. Units are steps with a sign, prices ticks, money in the account's steps. */
export interface Trade {
  readonly id: string;
  readonly instrument: Instrument;
  readonly price: number;
  openTime: string;
  readonly initialUnits: number;
  readonly marginRequired: number;
  currentUnits: number;
  realizedPnl: number;
  financing: number;
  clientExtensions: ClientExtensions | null;
  closeTime: string | null;
  /** Price times units of what was closed, for the average. */
  closedCost: number;
  readonly closingTransactionIds: string[];
  takeProfitOrderId: string | null;
  stopLossOrderId: string | null;
}

export interface ClosedPart {
  readonly trade: Trade;
  /** Unsigned steps. */
  readonly quantity: number;
  readonly realizedPnl: number;
}

export interface TradeFill {
  readonly id: string;
  readonly time: string;
  readonly instrument: Instrument;
  readonly signedUnits: number;
  readonly price: number;
  /** The whole profit of the fill: what the parts get adds up to it. */
  readonly realizedPnl: number;
  /** The trade that is to be closed first; the others follow, oldest first. */
  readonly tradeId: string | null;
  readonly clientExtensions: ClientExtensions | null;
  readonly marginRequired: (quantity: number) => number;
  /** Account money of an amount in ticks × steps of the quote currency. */
  readonly worth: (quoteAmount: number) => number;
}

export interface TradeOutcome {
  readonly closed: readonly ClosedPart[];
  readonly reduced: ClosedPart | null;
  readonly opened: Trade | null;
}

/** The trades of a netted account: a fill closes what is open on the other side, oldest first, and opens one trade with the rest. */
export class TradeBook {
  readonly #trades = new Map<string, Trade>();
  readonly #openTrades = new Map<string, Trade>();

  find(specifier: string): Trade | undefined {
    if (!specifier.startsWith('@')) return this.#trades.get(specifier);
    const clientId = specifier.slice(1);
    let found: Trade | undefined;
    for (const trade of this.#trades.values()) if (trade.clientExtensions?.id === clientId) found = trade;
    return found;
  }

  /** Oldest first. */
  open(symbol?: string): Trade[] {
    const open = [...this.#openTrades.values()];
    return symbol === undefined ? open : open.filter(({ instrument }) => instrument.symbol === symbol);
  }

  /** Oldest first. */
  all(): Trade[] {
    return [...this.#trades.values()];
  }

  apply(fill: TradeFill): TradeOutcome {
    const parts = this.#close(fill);
    const left = Math.abs(fill.signedUnits) - parts.reduce((sum, part) => sum + part.quantity, 0);
    assert(left >= 0, 'a fill closes no more than it is');
    const opened = left === 0 ? null : this.#open(fill, Math.sign(fill.signedUnits) * left);
    const reduced = parts.find(({ trade }) => trade.currentUnits !== 0) ?? null;
    return { closed: parts.filter(({ trade }) => trade.currentUnits === 0), reduced, opened };
  }

  #close(fill: TradeFill): ClosedPart[] {
    const sign = Math.sign(fill.signedUnits);
    const facing = this.open(fill.instrument.symbol).filter((trade) => trade.currentUnits * sign < 0);
    facing.sort((a, b) => Number(b.id === fill.tradeId) - Number(a.id === fill.tradeId));
    const taken: { trade: Trade; quantity: number }[] = [];
    let left = Math.abs(fill.signedUnits);
    for (const trade of facing) {
      const quantity = Math.min(left, Math.abs(trade.currentUnits));
      if (quantity > 0) taken.push({ trade, quantity });
      left -= quantity;
    }
    let profitLeft = fill.realizedPnl;
    return taken.map(({ trade, quantity }, index) => {
      // The account keeps one average price, so the last part takes what the whole differs by.
      const own = Math.round(fill.worth((fill.price - trade.price) * quantity * -sign));
      const realizedPnl = index === taken.length - 1 ? profitLeft : own;
      profitLeft -= realizedPnl;
      this.#reduce(trade, { quantity, realizedPnl, fill });
      return { trade, quantity, realizedPnl };
    });
  }

  #reduce(trade: Trade, part: { quantity: number; realizedPnl: number; fill: TradeFill }): void {
    trade.currentUnits -= Math.sign(trade.currentUnits) * part.quantity;
    trade.realizedPnl += part.realizedPnl;
    trade.closedCost += part.quantity * part.fill.price;
    trade.closingTransactionIds.push(part.fill.id);
    if (trade.currentUnits !== 0) return;
    trade.currentUnits = 0;
    trade.closeTime = part.fill.time;
    this.#openTrades.delete(trade.id);
    if (this.#trades.size - this.#openTrades.size > CLOSED_TRADES_MAX) this.#forgetOldest();
  }

  #open(fill: TradeFill, units: number): Trade {
    const trade: Trade = {
      id: fill.id,
      instrument: fill.instrument,
      price: fill.price,
      openTime: fill.time,
      initialUnits: units,
      marginRequired: fill.marginRequired(Math.abs(units)),
      currentUnits: units,
      realizedPnl: 0,
      financing: 0,
      clientExtensions: fill.clientExtensions,
      closeTime: null,
      closedCost: 0,
      closingTransactionIds: [],
      takeProfitOrderId: null,
      stopLossOrderId: null,
    };
    this.#trades.set(trade.id, trade);
    this.#openTrades.set(trade.id, trade);
    return trade;
  }

  #forgetOldest(): void {
    for (const trade of this.#trades.values()) {
      if (trade.currentUnits !== 0) continue;
      this.#trades.delete(trade.id);
      return;
    }
  }
}
