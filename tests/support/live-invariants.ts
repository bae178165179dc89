import type { Event } from '#domain/events.ts';
import { isTerminal, signOf } from '#domain/order.ts';
import type { EngineState } from '#engine/state.ts';

/** How late a deadline may be heard: the clock is looked at between two inputs. */
const lateMsMax = 1_000;

/** What must hold at every step of a live desk (reliability, I-05 to I-14); what does not is kept in words. */
export class LiveInvariants {
  readonly breaches: string[] = [];

  /** Sees every event after it was folded. */
  see(event: Event, state: EngineState): void {
    if (event.type === 'order.submitted') this.#seeOrder(event, state);
    if (event.type === 'order.filled') this.#seeFill(event, state);
    if (event.type === 'time.ticked') this.#seeProtections(event.at, state);
  }

  #seeOrder({ at, order }: Extract<Event, { type: 'order.submitted' }>, state: EngineState): void {
    const held = state.positions[order.instrument]?.signedQuantity ?? 0;
    if (order.isReduceOnly) {
      const isReduction = signOf(order.side) * held < 0 && order.quantity <= Math.abs(held);
      if (!isReduction) this.#tell(at, `I-09: '${order.clientOrderId}' reduces ${order.quantity} of ${held}`);
      return;
    }
    if (state.kill.isEngaged) this.#tell(at, `I-10: '${order.clientOrderId}' was sent under the kill switch`);
    if (!state.isArmed) this.#tell(at, `'${order.clientOrderId}' was sent by a desk that is not armed`);
    const impaired = Object.values(state.impairments).find(
      ({ instrument }) => instrument === null || instrument === order.instrument,
    );
    if (impaired !== undefined)
      this.#tell(at, `I-11: '${order.clientOrderId}' was sent while '${impaired.part}' was impaired`);
  }

  #seeFill({ at, clientOrderId }: Extract<Event, { type: 'order.filled' }>, state: EngineState): void {
    const record = state.orders.get(clientOrderId);
    if (record !== undefined && record.filledQuantity > record.request.quantity)
      this.#tell(at, `I-05: '${clientOrderId}' filled ${record.filledQuantity} of ${record.request.quantity}`);
  }

  /** A position whose deadline has passed is being closed, or the desk has overslept. */
  #seeProtections(at: number, state: EngineState): void {
    for (const [instrument, { deadlineAt }] of Object.entries(state.protections)) {
      if (deadlineAt === null || deadlineAt >= at - lateMsMax) continue;
      const isClosing = [...state.orders.values()].some(
        ({ request, state: of }) => request.instrument === instrument && request.purpose === 'exit' && !isTerminal(of),
      );
      if (!isClosing) this.#tell(at, `I-14: '${instrument}' is naked since before ${deadlineAt}`);
    }
  }

  #tell(at: number, breach: string): void {
    if (this.breaches.length < 100) this.breaches.push(`${new Date(at).toISOString()} ${breach}`);
  }
}
