import type { Event, EventType } from '#domain/events.ts';
import { EXTERNAL_STRATEGY, isTerminal } from '#domain/order.ts';
import { keeperWishes } from './bracket-keeper.ts';
import type { Engine } from './engine.ts';
import { closeRest, type Emit, submit } from './pipeline.ts';

/** What the market tells changes nothing about which stops stand. */
const passedOver: ReadonlySet<EventType> = new Set<EventType>([
  'bar.closed',
  'quote.updated',
  'mark.updated',
  'depth.updated',
]);

/**
 * After every step at a real venue: stops and targets follow what is held. Needs no signal, no module and no released switch, since it
 * only takes exposure away.
 */
export function keepBrackets(engine: Engine, input: Event, emit: Emit): void {
  const { state } = engine;
  if (state.venue === null || passedOver.has(input.type)) return;
  if (state.kill.isEngaged) cancelEntries(engine, emit);
  for (const instrument of state.instrumentIds) {
    const wishes = keeperWishes(state, instrument, input);
    for (const plan of wishes.submit) submit(engine, plan, emit);
    for (const clientOrderId of wishes.cancel) {
      emit({ type: 'order.cancelRequested', at: state.at, clientOrderId, reason: 'it guards nothing any more' });
    }
    if (wishes.close === undefined) continue;
    const reason = `unprotected: ${wishes.close}`;
    closeRest(engine, { instrument, quantity: Number.MAX_SAFE_INTEGER, reason }, emit);
  }
}

/** While the switch is engaged no entry of ours may work: one that the venue took after it was asked to cancel it is cancelled again. */
function cancelEntries({ state }: Engine, emit: Emit): void {
  for (const { request, state: orderState, cancelRequestedAt } of state.orders.values()) {
    const { clientOrderId, purpose, strategy } = request;
    if (purpose !== 'entry' || strategy === EXTERNAL_STRATEGY || isTerminal(orderState) || cancelRequestedAt !== null)
      continue;
    emit({ type: 'order.cancelRequested', at: state.at, clientOrderId, reason: 'the kill switch is engaged' });
  }
}
