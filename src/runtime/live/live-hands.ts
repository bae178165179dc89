import type { Event, EventType } from '#domain/events.ts';
import { CancelDrill } from './cancel-drill.ts';
import { DeadMan } from './dead-man.ts';
import { FlattenDrill } from './flatten-drill.ts';
import { LinkWatch } from './link-watch.ts';
import type { LiveDesk } from './live-desk.ts';
import type { LiveOptions } from './live-options.ts';
import { OrderChecks } from './order-checks.ts';
import { Reconciler } from './reconciler.ts';

export interface HandsOptions extends Pick<LiveOptions, 'folder' | 'reconcileEveryMs' | 'believesEmptyReports'> {
  /** Whether the journal keeps what is decided. */
  isDurable(): boolean;
}

/** Everything that is done at the venue beside the pump: books compared, orders asked about, the switch carried out, the link watched. */
export class LiveHands {
  readonly reconciler: Reconciler;
  readonly link: LinkWatch;
  readonly #desk: LiveDesk;
  readonly #isDurable: () => boolean;
  readonly #checks: OrderChecks;
  readonly #cancels: CancelDrill;
  readonly #flattening: FlattenDrill;
  readonly #deadMan: DeadMan;

  constructor(desk: LiveDesk, { folder, reconcileEveryMs, believesEmptyReports, isDurable }: HandsOptions) {
    this.#desk = desk;
    this.#isDurable = isDurable;
    this.reconciler = new Reconciler({
      ...{ desk, folder, everyMs: reconcileEveryMs, believesEmptyReports },
      onMissing: (ids) => this.#checks.suspect(ids),
    });
    this.#checks = new OrderChecks({
      desk,
      catchUp: () => this.reconciler.catchUp(),
      onVerdict: () => this.reconciler.ask(),
    });
    this.link = new LinkWatch({
      ...{ desk, reconcileEveryMs },
      reconciledAt: () => this.reconciler.reconciledAt,
      reconcile: () => this.reconciler.cycle(),
    });
    this.#cancels = new CancelDrill(desk);
    this.#flattening = new FlattenDrill(desk);
    this.#deadMan = new DeadMan(desk);
  }

  /** Streams are open: orders on their way are asked about from here on, and a switch that is engaged is carried out. */
  beginChecks(isFlattening: boolean): void {
    this.#checks.start();
    if (isFlattening) this.throwSwitch('flatten.requested');
    if (this.#desk.engine.state.kill.isEngaged) this.#cancels.begin();
  }

  /** The desk may trade. */
  begin(): void {
    this.reconciler.start();
    this.link.start();
    this.#deadMan.start();
  }

  /** Sees every event after it was folded; what it leads to comes in its own time. */
  see(event: Event): void {
    this.throwSwitch(event.type);
    if (event.type === 'account.closedOut') this.#cancels.begin();
    if (event.type === 'desk.armed' || event.type === 'desk.disarmed') this.#deadMan.ask();
    if (this.#movesBooks(event)) this.reconciler.ask();
  }

  /** What was done by other hands, or out of our sight. */
  #movesBooks(event: Event): boolean {
    if (event.type === 'order.filled') return !this.#desk.engine.state.orders.has(event.clientOrderId);
    return event.type === 'account.closedOut' || (event.type === 'venue.restored' && event.part === 'account');
  }

  /** Carries an operator's word out at the venue, whatever has become of the desk's own orders. */
  throwSwitch(type: EventType): void {
    if (type === 'kill.engaged') this.#cancels.begin();
    if (type === 'flatten.requested') this.#flattening.begin(!this.#isDurable());
  }

  async end(): Promise<void> {
    await this.reconciler.stop();
    await this.link.stop();
    await this.#checks.stop();
    await this.#cancels.stop();
    await this.#flattening.stop();
    await this.#deadMan.stop();
  }
}
