import type { Event, EventByType } from '#domain/events.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { isTerminal, type OrderState } from '#domain/order.ts';
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
  VenueTraits,
} from '#engine/live-port.ts';
import type { Command, TimePort, VenueEvent } from '#engine/ports.ts';
import { simulatedVenue } from '#sim/simulated-venue.ts';
import { limitPriceOf, stopPriceOf } from '#sim/venue-order.ts';
import { createVenueState, type VenueState } from '#sim/venue-state.ts';

/** What may be wrong with a question: it fails, or the venue denies an order that it has. */
export type Fault = 'silent' | 'forgetful';

export interface HandVenueOptions {
  readonly time: TimePort;
  readonly instruments: readonly Instrument[];
  /** Every bar of the past and, as time goes on, of the present. */
  readonly bars: readonly HistoryBar[];
  readonly traits?: Partial<VenueTraits>;
  readonly balance?: number;
}

const answerMs = 20;

/** A little venue in memory: a real account's books behind the simulated venue, whose streams and answers a test can lose or hold back. */
export class HandVenue implements LiveVenuePort {
  readonly venue = 'OANDA';
  readonly traits: VenueTraits;
  /** What came out of the venue at all, told or not, as an account's history. */
  readonly history: VenueEvent[] = [];
  /** Every command that arrived, and every call that changes something. */
  readonly received: Command[] = [];
  readonly calls: string[] = [];
  readonly checks: PreflightCheck[] = [];
  /** How many of the next commands are lost on their way. */
  loseCommands = 0;
  /** Whether the streams are quiet. */
  isMute = false;
  fault: Fault | undefined;
  /** Problems that cancelling everything ends with, one list an attempt. */
  cancelProblems: string[][] = [];
  /** Called before a report is given. */
  onReport: () => void = () => undefined;
  readonly state: VenueState;
  readonly #options: HandVenueOptions;
  readonly #known = new Map<string, { state: OrderState; instrument: InstrumentId }>();
  #listener: VenueListener | undefined;
  #isClosed = false;
  #closings = 0;

  constructor(options: HandVenueOptions, state?: VenueState) {
    this.#options = options;
    this.traits = { hasNativeBrackets: true, hasDeadManSwitch: false, isAlwaysOpen: false, ...options.traits };
    this.state =
      state ??
      createVenueState({
        accountCurrency: 'USD',
        moneyDecimals: 6,
        startBalance: options.balance ?? 100_000_000_000,
        instruments: options.instruments,
        priceBasisOf: {},
        costs: {
          instruments: {},
          otherwise: { spreadPips: [0], slippagePips: 0, commissionPerMillion: 0 },
          financingRates: {},
          financingMarkup: 0,
          latencyMs: 0,
          closeOutFraction: 0.5,
        },
        calendar: null,
        seed: 1,
      });
  }

  get isOpen(): boolean {
    return this.#listener !== undefined && !this.#isClosed;
  }

  async preflight(): Promise<readonly PreflightCheck[]> {
    await this.#answer('preflight');
    return this.checks;
  }

  async instruments(symbols: readonly string[]): Promise<readonly Instrument[]> {
    await this.#answer('instruments');
    return this.#options.instruments.filter(({ symbol }) => symbols.includes(symbol));
  }

  async prepare(): Promise<void> {
    await this.#answer('prepare');
  }

  async bars(instrument: Instrument, fromAt: number, untilAt: number): Promise<readonly HistoryBar[]> {
    await this.#answer('bars');
    const closedUntil = this.#options.time.now() - 60_000;
    return this.#options.bars.filter(
      (bar) =>
        bar.instrument === instrument.id && bar.openAt >= fromAt && bar.openAt < untilAt && bar.openAt <= closedUntil,
    );
  }

  open(_instruments: readonly Instrument[], listener: VenueListener): void {
    this.#listener = listener;
    this.#isClosed = false;
  }

  /** The desk is gone without a word, and another one may open the streams. */
  disconnect(): void {
    this.#listener = undefined;
  }

  send(command: Command): void {
    if (this.loseCommands > 0) {
      this.loseCommands -= 1;
      return;
    }
    this.received.push(command);
    this.carryOut(command);
  }

  /** Does at the venue what a command says, whoever it is from. */
  carryOut(command: Command): void {
    if (command.type === 'order.submitted') {
      const { clientOrderId, instrument } = command.order;
      this.#known.set(clientOrderId, { state: 'submitted', instrument });
    }
    const venue = simulatedVenue(this.state);
    const at = this.#options.time.now();
    venue.send({ ...command, at });
    venue.observe({ type: 'time.ticked', at });
    this.#pollAll(at);
  }

  /** The market moves to a price. */
  quote(instrument: InstrumentId, bidPrice: number, askPrice: number): void {
    const at = this.#options.time.now();
    simulatedVenue(this.state).observe({ type: 'quote.updated', at, instrument, bidPrice, askPrice });
    this.tell({ type: 'quote.updated', instrument, bidPrice, askPrice });
    this.#pollAll(at);
  }

  /** Something arrives at the desk. */
  tell(input: VenueInput): void {
    const listener = this.#listener;
    if (listener === undefined || this.isMute || this.#isClosed) return;
    this.#options.time.after(answerMs, () => {
      if (!this.#isClosed && this.#listener === listener) listener.onInput(input);
    });
  }

  async findOrder(clientOrderId: string): Promise<OrderFinding> {
    await this.#answer(`find ${clientOrderId}`);
    const known = this.#known.get(clientOrderId);
    if (known === undefined || this.fault === 'forgetful') return { type: 'absent' };
    const events = this.history.filter((event) => 'clientOrderId' in event && event.clientOrderId === clientOrderId);
    return { type: 'found', isWorking: !isTerminal(known.state), events: events.map(unstamped) };
  }

  async report(): Promise<LiveReport> {
    await this.#answer('report');
    this.onReport();
    const { balance, positions } = simulatedVenue(this.state).report();
    const openOrders = [...this.state.workingById.values()].map(
      (order): OpenOrder => ({
        ...{ clientOrderId: order.clientOrderId, venueOrderId: order.venueOrderId, family: 'ordinary' },
        ...{ instrument: order.instrument, side: order.side, quantity: order.quantity },
        ...{ filledQuantity: order.filledQuantity, orderType: order.orderType, isReduceOnly: order.isReduceOnly },
        ...{ limitPrice: limitPriceOf(order), stopPrice: stopPriceOf(order) },
      }),
    );
    return { balance, positions, openOrders, cursor: `c${this.history.length}` };
  }

  async catchUp(cursor: string): Promise<AccountHistory> {
    await this.#answer('catchUp');
    const events = this.history.slice(Number(cursor.slice(1))).map(unstamped);
    return { events, cursor: `c${this.history.length}` };
  }

  async cancelAll(keep: ReadonlySet<string>): Promise<CancelOutcome> {
    this.calls.push(`cancelAll keep ${[...keep].join(',')}`);
    await this.#answer('cancelAll');
    const problems = this.cancelProblems.shift();
    if (problems !== undefined) return { attempted: 1, problems };
    const ids = [...this.state.workingById.keys()].filter((id) => !keep.has(id));
    for (const clientOrderId of ids) this.carryOut({ type: 'order.cancelRequested', at: 0, clientOrderId, reason: '' });
    return { attempted: ids.length, problems: [] };
  }

  async closePosition(instrument: InstrumentId): Promise<void> {
    this.calls.push(`close ${instrument}`);
    await this.#answer('closePosition');
    this.#closings += 1;
    this.trade(
      `closing-${this.#closings}`,
      instrument,
      -(this.state.books.get(instrument)?.position.signedQuantity ?? 0),
    );
  }

  /** An order at the market by another hand. */
  trade(clientOrderId: string, instrument: InstrumentId, signedQuantity: number): void {
    const order: EventByType['order.submitted']['order'] = {
      ...{ clientOrderId, instrument, side: signedQuantity > 0 ? 'buy' : 'sell', quantity: Math.abs(signedQuantity) },
      ...{ orderType: 'market', limitPrice: null, stopPrice: null, timeInForce: 'fillOrKill', expiresAt: null },
      ...{ isReduceOnly: false, purpose: 'entry', bracket: null, strategy: '', reason: 'by hand' },
    };
    this.carryOut({ type: 'order.submitted', at: 0, order });
    const quote = this.state.books.get(instrument);
    if (quote !== undefined) this.quote(instrument, quote.bidPrice, quote.askPrice);
  }

  async renewDeadMan(ms: number): Promise<void> {
    this.calls.push(`dead man ${ms}`);
    await this.#answer('renewDeadMan');
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  /** A venue that is asked answers at once, or not at all. */
  async #answer(what: string): Promise<void> {
    this.calls.push(what);
    if (this.fault === 'silent') throw new VenueError('unreachable', 'TIMEOUT', 'the venue does not answer');
    await Promise.resolve();
  }

  #pollAll(at: number): void {
    const venue = simulatedVenue(this.state);
    for (let event = venue.poll(at); event !== undefined; event = venue.poll(at)) {
      this.history.push(event);
      this.#note(event);
      this.tell(unstamped(event));
    }
  }

  #note(event: VenueEvent): void {
    if (!('clientOrderId' in event)) return;
    const known = this.#known.get(event.clientOrderId);
    const instrument = known?.instrument ?? ('instrument' in event ? event.instrument : '');
    const working = this.state.workingById.has(event.clientOrderId);
    const ended: OrderState = event.type === 'order.filled' ? 'filled' : 'canceled';
    this.#known.set(event.clientOrderId, { state: working ? 'accepted' : ended, instrument });
  }
}

function unstamped(event: VenueEvent): VenueInput {
  const { at: _at, ...input } = event satisfies Event;
  return input as VenueInput;
}
