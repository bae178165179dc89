import { CircuitBreaker } from '#adapters/wire/circuit-breaker.ts';
import { fileBanStore } from '#adapters/wire/file-ban-store.ts';
import { RateBudget } from '#adapters/wire/rate-budget.ts';
import { type VenueAnswer, VenueClient } from '#adapters/wire/venue-client.ts';
import { assert } from '#base/assert.ts';
import { parseDecimalText } from '#domain/decimal-text.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { OrderRequest } from '#domain/order.ts';
import { formatScaled } from '#domain/scale.ts';
import { VenueError } from '#domain/venue-error.ts';
import type {
  AccountHistory,
  CancelOutcome,
  HistoryBar,
  LiveReport,
  LiveVenuePort,
  OrderFinding,
  PreflightCheck,
  VenueEnvironment,
  VenueInput,
  VenueListener,
} from '#engine/live-port.ts';
import type { Command, NetworkPort, TimePort } from '#engine/ports.ts';
import {
  closingBody,
  mapBar,
  mapInstrument,
  mapLine,
  mapOrder,
  orderBody,
  orderNews,
  type Reading,
  venueName,
} from './mapper.ts';
import { type Departure, type HarborRest, harborRest, outcomeOf } from './rest.ts';
import { instrumentSchema, orderAnswerSchema, type VenueAccount } from './schema.ts';
import { HarborStream, readBars, readLines } from './stream.ts';

export interface HarborOrigins {
  readonly rest: string;
  readonly stream: string;
}

export interface HarborOptions {
  readonly network: NetworkPort;
  readonly time: TimePort;
  readonly environment: VenueEnvironment;
  readonly token: string;
  readonly desk: { readonly accountCurrency: string; readonly moneyDecimals: number };
  /** Where a simulator listens; of no account in the other environments, whose hosts are fixed. */
  readonly origins?: HarborOrigins;
  /** Keeps a pause that the venue asked for over restarts. */
  readonly banFile?: string;
}

/** A key is bound to one of these, and is sent to no other host. */
const fixedOrigins: Readonly<Record<Exclude<VenueEnvironment, 'simulated'>, HarborOrigins>> = {
  practice: { rest: 'https://practice.harbor.example', stream: 'wss://practice.harbor.example' },
  live: { rest: 'https://api.harbor.example', stream: 'wss://api.harbor.example' },
};
const excerptMax = 500;
/** An entry that could not leave by then is too late; what reduces is worth more patience. */
const entryMs = 5_000;
const reductionMs = 30_000;
const sentOrdersMax = 8_192;
/** A cancellation that certainly has not left is tried again so often, once a second. */
const cancelTriesMax = 60;
const cancelAgainMs = 1_000;
const clockMsMax = 500;

/** An account at Harbor. Nothing is asked before a method is called, and nothing is told before it is opened. */
export function openHarbor(options: HarborOptions): LiveVenuePort {
  return new HarborVenue(options);
}

class HarborVenue implements LiveVenuePort {
  readonly venue = venueName;
  readonly traits = { hasNativeBrackets: false, hasDeadManSwitch: false, isAlwaysOpen: true } as const;
  readonly #options: HarborOptions;
  readonly #rest: HarborRest;
  readonly #stream: HarborStream;
  readonly #reading: Reading;
  readonly #bySymbol = new Map<string, Instrument>();
  readonly #sentIds = new Set<string>();
  /** Commands of one order go one after another. */
  readonly #underWay = new Map<string, Promise<void>>();
  #listener: VenueListener | undefined;
  #isClosed = false;

  constructor(options: HarborOptions) {
    const { network, time, token, banFile, environment } = options;
    this.#options = options;
    const origins = environment === 'simulated' ? options.origins : fixedOrigins[environment];
    assert(origins !== undefined, 'a simulated venue is given with where it listens, found nothing');
    const notice = (text: string): void => this.#notice(text);
    const bans = banFile === undefined ? {} : { bans: fileBanStore(banFile) };
    const windows = [{ name: 'requests', capacity: 50, windowMs: 1_000 }];
    const budget = new RateBudget({ time, windows, ...bans });
    const breaker = new CircuitBreaker({ time });
    this.#rest = harborRest(new VenueClient({ network, time, budget, breaker, onNotice: notice }), origins.rest, token);
    this.#reading = {
      moneyDecimals: options.desk.moneyDecimals,
      instrumentOf: (symbol) => this.#bySymbol.get(symbol),
      excerpt: (value) => {
        const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
        return text.replaceAll(token, '[secret]').slice(0, excerptMax);
      },
    };
    this.#stream = new HarborStream({
      ...{ time, network, token, notice, rest: this.#rest, reading: this.#reading, url: `${origins.stream}/v1/stream` },
      tell: (input) => this.#tell(input),
    });
  }

  async preflight(): Promise<readonly PreflightCheck[]> {
    const { time, environment, desk } = this.#options;
    const sentAt = time.now();
    const account = await this.#rest.account();
    const aheadMs = Math.round(account.time - (sentAt + time.now()) / 2);
    const check = (name: string, expected: string, found: string): PreflightCheck => ({
      ...{ name, expected, found, isPassed: expected === found },
    });
    return [
      check('environment', environment, account.environment),
      check('account currency', desk.accountCurrency, account.currency),
      check('permission to trade', 'true', String(account.mayTrade)),
      check('one position an instrument', 'true', String(account.isNetting)),
      {
        ...{ name: 'clock', expected: `at most ${clockMsMax} ms from ours`, found: `${aheadMs} ms` },
        isPassed: Math.abs(aheadMs) <= clockMsMax,
      },
    ];
  }

  async instruments(symbols: readonly string[]): Promise<readonly Instrument[]> {
    for (const listed of await this.#rest.instruments()) {
      const parsed = instrumentSchema.safeParse(listed);
      const instrument = parsed.success ? mapInstrument(parsed.data) : undefined;
      if (instrument === undefined) this.#notice(`not understood as an instrument: ${this.#reading.excerpt(listed)}`);
      else this.#bySymbol.set(instrument.symbol, instrument);
    }
    return symbols.map((symbol) => this.#instrument((each) => each.symbol === symbol, symbol));
  }

  /** Margin and mode are the account's own here. */
  async prepare(): Promise<void> {
    await this.#listed();
  }

  async bars(instrument: Instrument, fromAt: number, untilAt: number): Promise<readonly HistoryBar[]> {
    await this.#listed();
    const list = await readBars(this.#rest, instrument.symbol, fromAt, untilAt);
    const bars = list.flatMap((bar) => mapBar(bar, this.#reading) ?? []);
    if (bars.length < list.length) this.#notice(`${list.length - bars.length} bars of '${instrument.id}' are none`);
    this.#stream.noteBars(bars);
    return bars;
  }

  open(instruments: readonly Instrument[], listener: VenueListener): void {
    assert(this.#listener === undefined, 'a venue is opened once, found it open');
    this.#listener = listener;
    // Whoever opens it hears nothing before this call has returned.
    this.#options.time.after(0, () => (this.#isClosed ? undefined : this.#stream.open(instruments)));
  }

  send(command: Command): void {
    const id = command.type === 'order.submitted' ? command.order.clientOrderId : command.clientOrderId;
    if (command.type === 'order.submitted') {
      if (this.#sentIds.has(id)) {
        this.#notice(`order '${id}' was sent before and is not sent again`);
        return;
      }
      this.#sentIds.add(id);
      const [oldest] = this.#sentIds;
      if (this.#sentIds.size > sentOrdersMax && oldest !== undefined) this.#sentIds.delete(oldest);
    }
    const before = this.#underWay.get(id) ?? Promise.resolve();
    const after = before
      .then(() => this.#carryOut(command))
      .finally(() => (this.#underWay.get(id) === after ? this.#underWay.delete(id) : false));
    this.#underWay.set(id, after);
  }

  async findOrder(clientOrderId: string): Promise<OrderFinding> {
    try {
      await this.#listed();
      const found = await this.#rest.order(clientOrderId);
      if (found === undefined) return { type: 'absent' };
      const facts = mapOrder(found.order, this.#reading);
      if (facts === undefined) return { type: 'unknown', reason: 'the venue tells of it what cannot be read' };
      const fills = found.fills.map((line) => mapLine(line, this.#reading));
      const [begun, ended] = [orderNews(undefined, { ...facts, state: 'working' }), orderNews(facts, facts)];
      return { type: 'found', isWorking: facts.state === 'working', events: [...begun, ...fills, ...ended] };
    } catch (error) {
      if (error instanceof VenueError) return { type: 'unknown', reason: error.message };
      throw error;
    }
  }

  async report(): Promise<LiveReport> {
    await this.#listed();
    return this.#reportOf(await this.#rest.account());
  }

  async catchUp(cursor: string): Promise<AccountHistory> {
    await this.#listed();
    const lines = await readLines(this.#rest, Number(cursor));
    const told = this.#stream.line;
    // Unlike fills and money, a closing by the venue has nothing by which it is known again.
    const news = lines.filter(({ kind, line }) => kind !== 'closeOut' || line > told);
    const events = news.map((line) => mapLine(line, this.#reading));
    return { events, cursor: String(lines.at(-1)?.line ?? cursor) };
  }

  async cancelAll(keep: ReadonlySet<string>): Promise<CancelOutcome> {
    const { openOrders } = await this.report();
    const leaving = openOrders.filter(({ clientOrderId }) => !keep.has(clientOrderId));
    const problems: string[] = [];
    for (const { venueOrderId, clientOrderId } of leaving) {
      const outcome = outcomeOf(await this.#rest.cancelOrder(venueOrderId));
      if (outcome.type === 'done') this.#takeAnswered(outcome.body);
      else if (outcome.type === 'open' || outcome.code !== 'ORDER_ENDED')
        problems.push(`'${clientOrderId}': ${outcome.reason}`);
    }
    return { attempted: leaving.length, problems };
  }

  async closePosition(id: InstrumentId): Promise<void> {
    const { positions } = await this.report();
    const held = positions.find(({ instrument }) => instrument === id)?.signedQuantity ?? 0;
    if (held === 0) return;
    const instrument = this.#instrument((each) => each.id === id, id);
    const body = closingBody(instrument, held > 0 ? 'sell' : 'buy', Math.abs(held));
    const outcome = outcomeOf(await this.#rest.createOrder(body, this.#departure(true)));
    if (outcome.type === 'open') throw new VenueError('unreachable', 'NO_ANSWER', outcome.reason);
    if (outcome.type === 'refused' && outcome.code !== 'REDUCE_ONLY')
      throw new VenueError(outcome.status === 0 ? 'denied' : 'refused', outcome.code, outcome.reason);
  }

  async renewDeadMan(ms: number): Promise<void> {
    if (ms !== 0) throw new VenueError('refused', 'NO_DEAD_MAN_SWITCH', `'${venueName}' cancels nothing by itself`);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stream.close();
  }

  #carryOut(command: Command): Promise<void> {
    switch (command.type) {
      case 'order.submitted':
        return this.#submit(command.order);
      case 'order.cancelRequested':
        return this.#cancel(command.clientOrderId);
      case 'order.amendRequested':
        return this.#amend(command.clientOrderId, command.stopPrice ?? command.limitPrice);
    }
  }

  async #submit(order: OrderRequest): Promise<void> {
    const { clientOrderId, isReduceOnly } = order;
    const instrument = [...this.#bySymbol.values()].find(({ id }) => id === order.instrument);
    if (instrument === undefined) {
      const reason = `'${order.instrument}' is not listed`;
      this.#tell({ type: 'order.rejected', clientOrderId, code: 'DENIED_UNKNOWN_INSTRUMENT', reason });
      return;
    }
    this.#stream.expect(order);
    const outcome = outcomeOf(
      await this.#rest.createOrder(orderBody(order, instrument), this.#departure(isReduceOnly)),
    );
    if (outcome.type === 'refused') {
      this.#stream.forget(clientOrderId);
      this.#tell({ type: 'order.rejected', clientOrderId, code: outcome.code, reason: outcome.reason });
    } else if (outcome.type === 'open') this.#leaveOpen(clientOrderId, outcome.reason);
    else if (!this.#takeAnswered(outcome.body)) this.#leaveOpen(clientOrderId, 'the answer holds no order');
  }

  async #cancel(clientOrderId: string): Promise<void> {
    let answer: VenueAnswer;
    for (let tries = 1; ; tries += 1) {
      answer = await this.#rest.cancelOrder(clientOrderId);
      if (answer.type !== 'denied' || tries === cancelTriesMax || this.#isClosed) break;
      await new Promise<void>((done) => this.#options.time.after(cancelAgainMs, done));
    }
    const outcome = outcomeOf(answer);
    if (outcome.type === 'done') this.#takeAnswered(outcome.body);
    else if (outcome.type === 'open') this.#leaveOpen(clientOrderId, outcome.reason);
    else await this.#ask(clientOrderId);
  }

  async #amend(clientOrderId: string, price: number | null): Promise<void> {
    const known = this.#stream.orderOf(clientOrderId);
    const instrument = [...this.#bySymbol.values()].find(({ id }) => id === known?.instrument);
    if (instrument === undefined || price === null || known === undefined) return this.#ask(clientOrderId);
    const text = formatScaled(price, instrument.priceDecimals);
    const outcome = outcomeOf(await this.#rest.changeOrder(clientOrderId, text, this.#departure(known.isReduceOnly)));
    if (outcome.type === 'open') return this.#leaveOpen(clientOrderId, outcome.reason);
    if (outcome.type === 'done') this.#takeAnswered(outcome.body);
    else {
      this.#notice(`'${clientOrderId}' was not changed: ${outcome.reason}`);
      await this.#ask(clientOrderId);
    }
    // Whatever came of it, the desk waits to hear how the order stands.
    const { quantity, stopPrice, limitPrice, state } = this.#stream.orderOf(clientOrderId) ?? known;
    if (state === 'working') this.#tell({ type: 'order.amended', clientOrderId, quantity, stopPrice, limitPrice });
  }

  /** What the venue has of an order is told as far as it was not, its fills by the ledger; where it has nothing, that is left open. */
  async #ask(clientOrderId: string): Promise<void> {
    try {
      const found = await this.#rest.order(clientOrderId);
      if (found === undefined) this.#leaveOpen(clientOrderId, 'the venue does not know it');
      else this.#stream.takeOrder(found.order);
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      this.#leaveOpen(clientOrderId, error.message);
    }
  }

  #departure(isReduction: boolean): Departure {
    const now = this.#options.time.now();
    return isReduction
      ? { priority: 'reduction', deadlineAt: now + reductionMs }
      : { priority: 'normal', deadlineAt: now + entryMs };
  }

  #takeAnswered(body: unknown): boolean {
    const parsed = orderAnswerSchema.safeParse(body);
    if (parsed.success) this.#stream.takeOrder(parsed.data.order);
    return parsed.success;
  }

  /** What cannot be read is not left out: a report without it would say that it is not there. */
  #reportOf({ balance, positions, orders, line }: VenueAccount): LiveReport {
    const read = <T>(value: T | undefined, what: string): T => {
      if (value !== undefined) return value;
      throw new VenueError('unreachable', 'MALFORMED', `the account's ${what} cannot be read`);
    };
    return {
      balance: read(parseDecimalText(balance, this.#options.desk.moneyDecimals), 'balance'),
      positions: positions.map(({ symbol, quantity, cost }) => {
        const { id, priceDecimals, quantityDecimals } = this.#instrument((each) => each.symbol === symbol, symbol);
        const signedQuantity = read(parseDecimalText(quantity, quantityDecimals), 'position');
        return {
          instrument: id,
          signedQuantity,
          cost: read(parseDecimalText(cost, priceDecimals + quantityDecimals), 'cost'),
        };
      }),
      openOrders: orders.map((order) => read(mapOrder(order, this.#reading), `order '${order.id}'`)),
      cursor: String(line),
    };
  }

  async #listed(): Promise<void> {
    if (this.#bySymbol.size === 0) await this.instruments([]);
  }

  #instrument(isWanted: (instrument: Instrument) => boolean, name: string): Instrument {
    const instrument = [...this.#bySymbol.values()].find(isWanted);
    if (instrument !== undefined) return instrument;
    throw new VenueError('refused', 'UNKNOWN_INSTRUMENT', `the account may trade no '${name}'`);
  }

  #leaveOpen(clientOrderId: string, reason: string): void {
    this.#tell({ type: 'order.unresolved', clientOrderId, reason });
  }

  #tell(input: VenueInput): void {
    if (!this.#isClosed) this.#listener?.onInput(input);
  }

  #notice(text: string): void {
    if (!this.#isClosed) this.#listener?.onNotice(text.replaceAll(this.#options.token, '[secret]'));
  }
}
