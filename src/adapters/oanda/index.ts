import { CircuitBreaker } from '#adapters/wire/circuit-breaker.ts';
import { fileBanStore } from '#adapters/wire/file-ban-store.ts';
import { RateBudget } from '#adapters/wire/rate-budget.ts';
import { VenueClient } from '#adapters/wire/venue-client.ts';
import { assert } from '#base/assert.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type {
  AccountHistory,
  CancelOutcome,
  HistoryBar,
  LiveReport,
  LiveVenuePort,
  OrderFinding,
  PreflightCheck,
  VenueInput,
  VenueListener,
} from '#engine/live-port.ts';
import type { Command } from '#engine/ports.ts';
import { cancelEverything, closeWholePosition } from './account-actions.ts';
import { AnswerWatch } from './answer-watch.ts';
import { barsBetween, floorMinute, tellCandleProblem } from './bar-history.ts';
import { excerptOf, withoutSecrets } from './excerpt.ts';
import { InstrumentCatalogue } from './instrument-catalogue.ts';
import { LiveParts } from './live-parts.ts';
import { venueName } from './mapper.ts';
import type { OandaContext } from './oanda-context.ts';
import { isOfTheHouse, type OandaOptions, originsOf } from './oanda-options.ts';
import { findOrder } from './order-finder.ts';
import { OrderSender } from './order-sender.ts';
import { runPreflight } from './preflight.ts';
import { readHistory, readReport } from './read-books.ts';
import { oandaRest } from './rest.ts';
import { secretFreeNetwork } from './secret-free-network.ts';
import { TransactionFeed } from './transaction-feed.ts';
import { VenueHealth } from './venue-health.ts';

/** Events that came up before anybody listened. */
export const earlyInputsMax = 1_000;
const traits = { hasNativeBrackets: true, hasDeadManSwitch: false, isAlwaysOpen: false } as const;

/**
 * An account at OANDA. Nothing is asked before a method is called, and nothing is told before it is opened. Its requests stay under the
 * venue's limits: 100 a second over kept connections, and two new connections a second.
 */
export function openOanda(options: OandaOptions): LiveVenuePort {
  return new OandaVenue(options);
}

class OandaVenue implements LiveVenuePort {
  readonly venue = venueName;
  readonly traits = traits;
  readonly #options: OandaOptions;
  readonly #context: OandaContext;
  readonly #budget: RateBudget;
  readonly #watch: AnswerWatch;
  readonly #feed: TransactionFeed;
  readonly #sender: OrderSender;
  /** Up to where bars were handed out as history, by instrument: live ones begin there. */
  readonly #barsUntilAt = new Map<InstrumentId, number>();
  #symbols: readonly string[] = [];
  #earlyInputs: VenueInput[] = [];
  #earlyNotices: string[] = [];
  #listener: VenueListener | undefined;
  #isListening = false;
  #parts: LiveParts | undefined;
  #isClosed = false;

  constructor(options: OandaOptions) {
    const { time, network, banFile } = options;
    this.#options = options;
    this.#budget = new RateBudget({
      time,
      windows: [
        { name: 'requests', capacity: 100, windowMs: 1_000 },
        { name: 'connections', capacity: 2, windowMs: 1_000 },
      ],
      ...(banFile === undefined ? {} : { bans: fileBanStore(banFile) }),
    });
    const breaker = new CircuitBreaker({ time });
    const notice = (text: string): void => this.#notice(text);
    const health = new VenueHealth((input) => this.#tell(input));
    const client = new VenueClient({
      network: secretFreeNetwork(network, [options.token]),
      time,
      budget: this.#budget,
      breaker,
      onNotice: notice,
    });
    this.#watch = new AnswerWatch({ time, health, budget: this.#budget });
    const rest = oandaRest({
      client,
      origin: originsOf(options).rest,
      accountId: options.accountId,
      token: options.token,
      onAnswer: (answer) => this.#watch.onAnswer(answer),
    });
    const catalogue = new InstrumentCatalogue(rest, time);
    this.#context = {
      time,
      rest,
      catalogue,
      health,
      reading: {
        moneyDecimals: options.desk.moneyDecimals,
        instrumentOf: (symbol) => catalogue.bySymbol(symbol),
        isOwnOrder: (clientOrderId) => this.#isOwnOrder(clientOrderId),
        excerpt: (value) => excerptOf(value, [options.token]),
      },
      tell: (input) => this.#tell(input),
      notice,
    };
    this.#feed = new TransactionFeed(this.#context);
    this.#sender = new OrderSender(this.#context, this.#feed, this.#watch);
  }

  preflight(): Promise<readonly PreflightCheck[]> {
    const { accountId, environment, desk } = this.#options;
    const { accountCurrency } = desk;
    return runPreflight({ context: this.#context, accountId, accountCurrency, environment, symbols: this.#symbols });
  }

  async instruments(symbols: readonly string[]): Promise<readonly Instrument[]> {
    const { catalogue } = this.#context;
    await catalogue.refresh();
    const instruments = symbols.map((symbol) => {
      const instrument = catalogue.bySymbol(symbol);
      if (instrument !== undefined && catalogue.isListed(instrument.id)) return instrument;
      throw new VenueError('refused', 'UNKNOWN_INSTRUMENT', `the account may trade no '${symbol}'`);
    });
    this.#symbols = symbols;
    return instruments;
  }

  /** Leverage belongs to the whole account here and is not for a desk to change. */
  async prepare(): Promise<void> {
    await this.#context.catalogue.ready();
  }

  async bars(instrument: Instrument, fromAt: number, untilAt: number): Promise<readonly HistoryBar[]> {
    const readAt = Math.min(untilAt, floorMinute(this.#context.time.now()));
    const bars = await barsBetween(this.#context, instrument, {
      fromAt,
      untilAt,
      priority: 'background',
      onProblem: (problem) => tellCandleProblem(this.#context, instrument, problem),
    });
    this.#barsUntilAt.set(instrument.id, Math.max(readAt, this.#barsUntilAt.get(instrument.id) ?? 0));
    return bars;
  }

  open(instruments: readonly Instrument[], listener: VenueListener): void {
    assert(this.#listener === undefined, 'a venue is opened once, found it open');
    this.#listener = listener;
    this.#parts = new LiveParts({
      context: this.#context,
      options: this.#options,
      budget: this.#budget,
      watch: this.#watch,
      feed: this.#feed,
      instruments,
      barsFromAt: (id) => this.#barsUntilAt.get(id),
    });
    // Whoever opens it hears nothing before this call has returned.
    this.#options.time.after(0, () => this.#begin());
  }

  send(command: Command): void {
    this.#sender.send(command);
  }

  async findOrder(clientOrderId: string): Promise<OrderFinding> {
    try {
      await this.#context.catalogue.ready();
    } catch (error) {
      if (error instanceof VenueError) return { type: 'unknown', reason: error.message };
      throw error;
    }
    const sinceId = this.#sender.sentSince(clientOrderId);
    return findOrder(this.#context, this.#feed, { clientOrderId, sinceId });
  }

  report(): Promise<LiveReport> {
    return readReport(this.#context, this.#feed);
  }

  catchUp(cursor: string): Promise<AccountHistory> {
    return readHistory(this.#context, this.#feed, cursor);
  }

  cancelAll(keep: ReadonlySet<string>): Promise<CancelOutcome> {
    return cancelEverything(this.#context, this.#feed, keep);
  }

  async closePosition(id: InstrumentId): Promise<void> {
    const { catalogue } = this.#context;
    await catalogue.ready();
    const instrument = catalogue.byId(id);
    if (instrument === undefined)
      throw new VenueError('refused', 'UNKNOWN_INSTRUMENT', `the account may trade no '${id}'`);
    await closeWholePosition(this.#context, this.#feed, instrument);
  }

  /** There is no such switch here, so that there is only one to turn off. */
  async renewDeadMan(ms: number): Promise<void> {
    if (ms !== 0) throw new VenueError('refused', 'NO_DEAD_MAN_SWITCH', `'${venueName}' cancels nothing by itself`);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#parts?.close();
    this.#feed.close();
    this.#sender.close();
    this.#watch.close();
  }

  #begin(): void {
    if (this.#isClosed) return;
    this.#isListening = true;
    const inputs = this.#earlyInputs;
    const notices = this.#earlyNotices;
    this.#earlyInputs = [];
    this.#earlyNotices = [];
    for (const text of notices) this.#notice(text);
    for (const input of inputs) this.#tell(input);
    this.#watch.lookAtLimits();
    this.#parts?.open();
  }

  #isOwnOrder(clientOrderId: string): boolean {
    const isKnown = this.#options.isOwnOrder ?? isOfTheHouse;
    const entryId = clientOrderId.replace(/-[st]$/, '');
    return isKnown(clientOrderId) || this.#sender.hasSent(clientOrderId) || this.#sender.hasSent(entryId);
  }

  #tell(input: VenueInput): void {
    if (this.#isClosed) return;
    if (this.#isListening) this.#listener?.onInput(input);
    else if (this.#earlyInputs.length < earlyInputsMax) this.#earlyInputs.push(input);
  }

  #notice(text: string): void {
    if (this.#isClosed) return;
    const cleaned = withoutSecrets(text, [this.#options.token]);
    if (this.#isListening) this.#listener?.onNotice(cleaned);
    else if (this.#earlyNotices.length < earlyInputsMax) this.#earlyNotices.push(cleaned);
  }
}
