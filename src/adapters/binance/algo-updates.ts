import type { VenueInput } from '#engine/live-port.ts';
import {
  type AccountBook,
  isExternal,
  type KnownOrder,
  noteOrder,
  type OrderFacts,
  type Reaction,
} from './account-book.ts';
import type { Market } from './filters.ts';
import { acceptedInput, adoptedInput } from './mapper.ts';
import { algoUpdateFacts } from './order-facts.ts';
import { quarantined } from './quarantine.ts';
import type { AlgoUpdate } from './schema.ts';

/**
 * What follows from a message about a conditional order. Its fills are told of the ordinary order that it becomes, under the same id and
 * often before the message that links the two.
 */
export function onAlgoUpdate(update: AlgoUpdate, book: AccountBook): readonly Reaction[] {
  const market = book.markets.get(update.o.s);
  const facts = market === undefined ? undefined : algoUpdateFacts(update, market.instrument, book);
  if (market === undefined || facts === undefined) {
    const reason = 'the instrument or quantity of a conditional order is not known';
    return [
      { type: 'tell', input: quarantined('account', reason, JSON.stringify(update.o)) },
      { type: 'checkAccount', reason, instrument: null },
    ];
  }
  switch (update.o.X) {
    case 'NEW':
      return onNew(facts, market, book);
    case 'TRIGGERING':
    case 'TRIGGERED':
      noteOrder(book, facts, true);
      return [];
    case 'FINISHED':
      return onFinished(facts, market, book);
    case 'CANCELED':
    case 'EXPIRED':
    case 'REJECTED':
      return [{ type: 'tell', input: algoEndInput(noteOrder(book, facts, false), update.o.X, update.o.rm ?? '') }];
    default: {
      const reason = `the state '${update.o.X}' of a conditional order is not known`;
      return [
        { type: 'tell', input: quarantined('account', reason, JSON.stringify(update.o)) },
        { type: 'findOrder', clientOrderId: facts.clientOrderId, instrument: market.instrument.id },
      ];
    }
  }
}

function onNew(facts: OrderFacts, market: Market, book: AccountBook): readonly Reaction[] {
  const known = book.orders.get(facts.clientOrderId);
  if (isExternal(facts.clientOrderId)) {
    if (known !== undefined) return [];
    noteOrder(book, facts, true);
    return [{ type: 'tell', input: adoptedInput(facts, market.instrument) }];
  }
  noteOrder(book, facts, true);
  return [{ type: 'tell', input: acceptedInput(facts) }];
}

/** It is over. Where fewer fills were seen than it asked for, some may be missing, or the venue left some of it undone. */
function onFinished(facts: OrderFacts, { instrument }: Market, book: AccountBook): readonly Reaction[] {
  const order = noteOrder(book, facts, false);
  if (order.quantity > 0 && order.filledQuantity >= order.quantity) return [];
  return [{ type: 'findOrder', clientOrderId: facts.clientOrderId, instrument: instrument.id }];
}

/** An end of a conditional order. A rejection after its trigger leaves the position without what it was to protect it by. */
export function algoEndInput(order: KnownOrder, state: string, message: string): VenueInput {
  const { clientOrderId } = order;
  if (state === 'REJECTED') {
    return { type: 'order.rejected', clientOrderId, code: 'TRIGGER_REJECTED', reason: message.slice(0, 200) };
  }
  if (state === 'CANCELED')
    return { type: 'order.canceled', clientOrderId, reason: message.slice(0, 200) || 'CANCELED' };
  return { type: 'order.expired', clientOrderId, reason: message.slice(0, 200) || state };
}

/** The venue could not carry out what a trigger began; it names the order by its own id. */
export function onTriggerReject(venueOrderId: string, reason: string, book: AccountBook): readonly Reaction[] {
  const order = [...book.orders.values()].find((known) => known.venueOrderId === venueOrderId);
  if (order === undefined) {
    const text = `a trigger of the order '${venueOrderId}', which is not known, was rejected: ${reason.slice(0, 200)}`;
    return [
      { type: 'notice', text },
      { type: 'checkAccount', reason: text, instrument: null },
    ];
  }
  order.isWorking = false;
  return [{ type: 'tell', input: algoEndInput(order, 'REJECTED', reason) }];
}
