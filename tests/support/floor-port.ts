import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type {
  AccountHistory,
  CancelOutcome,
  HistoryBar,
  LiveReport,
  LiveVenuePort,
  OpenOrder,
  OrderFinding,
  PreflightCheck,
  VenueInput,
  VenueListener,
} from '#engine/live-port.ts';
import type { Command, MarketEvent, TimePort, VenueEvent } from '#engine/ports.ts';
import { limitPriceOf, stopPriceOf } from '#sim/venue-order.ts';
import type { VenueFloor } from '#venue-simulators/venue-floor.ts';

/** How long what happens on the floor takes to be heard of. */
const wayMs = 5;

export interface FloorPortOptions {
  readonly time: TimePort;
  readonly floor: VenueFloor;
  readonly accountCurrency: string;
}

/** The simulated venue itself as an account: no wire and no protocol lies between, so whatever differs is the venue's own doing. */
export function openFloorPort(options: FloorPortOptions): LiveVenuePort {
  return new FloorPort(options);
}

class FloorPort implements LiveVenuePort {
  readonly venue = 'SIMULATED';
  readonly traits = { hasNativeBrackets: true, hasDeadManSwitch: false, isAlwaysOpen: true } as const;
  readonly #options: FloorPortOptions;
  /** Everything that happened at the account, oldest first; a cursor is a place in it. */
  readonly #history: VenueInput[] = [];
  #wanted = new Set<InstrumentId>();
  #listener: VenueListener | undefined;
  #isClosed = false;
  #closings = 0;
  readonly #stopListening: () => void;

  constructor(options: FloorPortOptions) {
    this.#options = options;
    this.#stopListening = options.floor.listen({
      onVenue: (event) => {
        const input = unstamped(event);
        this.#history.push(input);
        this.#tell(input);
      },
      onMarket: (event) => (this.#wanted.has(event.instrument) ? this.#tell(unstamped(event)) : undefined),
    });
  }

  async preflight(): Promise<readonly PreflightCheck[]> {
    const { floor, accountCurrency } = this.#options;
    const { state } = floor;
    const books = [...state.books.values()];
    const check = (name: string, expected: string, found: string): PreflightCheck => ({
      ...{ name, expected, found, isPassed: expected === found },
    });
    const without = (isMissing: (id: InstrumentId) => boolean): string =>
      books.flatMap(({ instrument: { id } }) => (isMissing(id) ? [id] : [])).join(' ');
    return [
      check('account currency', accountCurrency, state.accountCurrency),
      check('latency of commands', '0', String(state.costs.latencyMs)),
      check(
        'instruments without a price',
        '',
        without((id) => (floor.book(id)?.bidPrice ?? 0) <= 0),
      ),
      check(
        'halted instruments',
        '',
        without((id) => floor.isHalted(id)),
      ),
    ];
  }

  async instruments(symbols: readonly string[]): Promise<readonly Instrument[]> {
    return symbols.map((symbol) => {
      const found = this.#options.floor.state.instruments.find((instrument) => instrument.symbol === symbol);
      if (found !== undefined) return found;
      throw new VenueError('refused', 'UNKNOWN_INSTRUMENT', `'${symbol}' is not on the floor`);
    });
  }

  async prepare(): Promise<void> {
    this.#options.floor.settle();
  }

  async bars({ id }: Instrument, fromAt: number, untilAt: number): Promise<readonly HistoryBar[]> {
    this.#options.floor.settle();
    return this.#options.floor.history(id, fromAt, untilAt);
  }

  open(instruments: readonly Instrument[], listener: VenueListener): void {
    this.#wanted = new Set(instruments.map(({ id }) => id));
    this.#listener = listener;
  }

  /** A cancellation of what has ended is answered with nothing: its end was told. */
  send(command: Command): void {
    this.#options.time.after(wayMs, () => this.#options.floor.send(command));
  }

  async findOrder(clientOrderId: string): Promise<OrderFinding> {
    this.#options.floor.settle();
    const events = this.#history.filter((event) => 'clientOrderId' in event && event.clientOrderId === clientOrderId);
    if (events.length === 0) return { type: 'absent' };
    return { type: 'found', isWorking: this.#options.floor.state.workingById.has(clientOrderId), events };
  }

  async report(): Promise<LiveReport> {
    const { floor } = this.#options;
    floor.settle();
    const { balance, positions } = floor.ledger();
    const openOrders = [...floor.state.workingById.values()].map(
      (order): OpenOrder => ({
        ...{ clientOrderId: order.clientOrderId, venueOrderId: order.venueOrderId, family: 'ordinary' },
        ...{ instrument: order.instrument, side: order.side, quantity: order.quantity },
        ...{ filledQuantity: order.filledQuantity, orderType: order.orderType, isReduceOnly: order.isReduceOnly },
        ...{ limitPrice: limitPriceOf(order), stopPrice: stopPriceOf(order) },
      }),
    );
    return { balance, positions, openOrders, cursor: String(this.#history.length) };
  }

  async catchUp(cursor: string): Promise<AccountHistory> {
    this.#options.floor.settle();
    return { events: this.#history.slice(Number(cursor)), cursor: String(this.#history.length) };
  }

  async cancelAll(keep: ReadonlySet<string>): Promise<CancelOutcome> {
    const { floor, time } = this.#options;
    floor.settle();
    const ids = [...floor.state.workingById.keys()].filter((id) => !keep.has(id));
    for (const clientOrderId of ids)
      floor.send({ type: 'order.cancelRequested', at: time.now(), clientOrderId, reason: 'CANCEL_ALL' });
    return { attempted: ids.length, problems: [] };
  }

  async closePosition(instrument: InstrumentId): Promise<void> {
    const { floor } = this.#options;
    floor.settle();
    const held = floor.book(instrument)?.position.signedQuantity ?? 0;
    if (held === 0) return;
    this.#closings += 1;
    floor.externalOrder({
      ...{ clientOrderId: `external-closing-${this.#closings}`, instrument, isReduceOnly: true },
      ...{ side: held > 0 ? 'sell' : 'buy', quantity: Math.abs(held) },
    });
  }

  async renewDeadMan(ms: number): Promise<void> {
    if (ms !== 0) throw new VenueError('refused', 'NO_DEAD_MAN_SWITCH', 'the floor cancels nothing by itself');
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopListening();
  }

  #tell(input: VenueInput): void {
    this.#options.time.after(wayMs, () => (this.#isClosed ? undefined : this.#listener?.onInput(input)));
  }
}

function unstamped(event: MarketEvent | VenueEvent): VenueInput {
  const { at: _at, ...input } = event;
  return input;
}
