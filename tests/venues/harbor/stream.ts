import { parseExactJson } from '#adapters/wire/exact-json.ts';
import { KeptConnection } from '#adapters/wire/kept-connection.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { OrderRequest } from '#domain/order.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { HistoryBar, VenueInput } from '#engine/live-port.ts';
import type { NetworkPort, SocketConnection, TimePort } from '#engine/ports.ts';
import {
  isExternalId,
  mapBar,
  mapLine,
  mapOrder,
  mapQuote,
  minuteMs,
  type OrderFacts,
  orderNews,
  quarantined,
  type Reading,
  sentOrder,
} from './mapper.ts';
import { type HarborRest, pageLength } from './rest.ts';
import {
  barMessageSchema,
  type LedgerLines,
  lineHeadSchema,
  lineMessageSchema,
  messageSchema,
  orderAnswerSchema,
  type VenueMessage,
  type VenueOrder,
} from './schema.ts';

/** Three beats of the venue. */
const idleMs = 15_000;
/** Messages that wait while what was missed is asked for. */
const heldMax = 10_000;
/** Orders that are remembered, ended ones included. */
const ordersMax = 8_192;
/** Pages of the ledger that are read at once; what lies beyond is read at the next time. */
const linePagesMax = 200;
const askAgainMs = 2_000;
const part = 'stream';

export interface HarborStreamOptions {
  readonly time: TimePort;
  readonly network: NetworkPort;
  readonly url: string;
  readonly token: string;
  readonly rest: HarborRest;
  readonly reading: Reading;
  tell(input: VenueInput): void;
  notice(text: string): void;
}

/**
 * The one stream of the account. Its messages are numbered: where a number is missing, and after each connecting, ledger, orders and bars
 * are asked for what was missed, and what comes meanwhile waits. Every order and line that is heard of from anywhere goes through here, so
 * that each thing is told once.
 */
export class HarborStream {
  readonly #options: HarborStreamOptions;
  readonly #connection: KeptConnection;
  readonly #orders = new Map<string, OrderFacts>();
  /** Up to which minute bars were told or handed out. */
  readonly #barAt = new Map<InstrumentId, number>();
  #instruments: readonly Instrument[] = [];
  #socket: SocketConnection | undefined;
  /** The last line of the ledger that was told; undefined until the venue was asked. */
  #line: number | undefined;
  #number = 0;
  #isWell: boolean | undefined;
  #isAsking = false;
  #hasMissed = false;
  #held: VenueMessage[] = [];
  #isClosed = false;

  constructor(options: HarborStreamOptions) {
    this.#options = options;
    const { time, network, url } = options;
    this.#connection = new KeptConnection({
      ...{ time, name: 'Harbor', idleMs },
      connect: (events) => {
        const socket = network.socket(url, {
          onOpen: () => events.onOpen(),
          onText: (text) => this.#hear(text),
          onPing: () => undefined,
          onClose: (reason) => events.onClose(reason),
        });
        this.#socket = socket;
        return socket;
      },
      onUp: () => this.#subscribe(),
      onDown: (reason) => this.#lose(reason),
    });
  }

  get line(): number {
    return this.#line ?? 0;
  }

  open(instruments: readonly Instrument[]): void {
    this.#instruments = instruments;
    this.#connection.open();
  }

  close(): void {
    this.#isClosed = true;
    this.#connection.close();
  }

  /** An order is about to leave. */
  expect(request: OrderRequest): void {
    this.#remember(sentOrder(request));
  }

  /** The venue certainly does not have it. */
  forget(clientOrderId: string): void {
    this.#orders.delete(clientOrderId);
  }

  /** What is known of an order by our id. */
  orderOf(clientOrderId: string): OrderFacts | undefined {
    return this.#orders.get(clientOrderId);
  }

  /** An order as an answer or a message has it: what is new is told, what is older than what we know is not. */
  takeOrder(order: VenueOrder): void {
    const after = mapOrder(order, this.#options.reading);
    if (after === undefined) {
      this.#options.tell(quarantined('order', order, this.#options.reading));
      return;
    }
    const before = this.#orders.get(after.clientOrderId);
    if (before !== undefined && (before.revision >= after.revision || isOver(before))) return;
    // An order of others that is over when it is first heard of never worked for us.
    if (before === undefined && isExternalId(after.clientOrderId) && isOver(after)) return;
    this.#remember(after);
    for (const input of orderNews(before, after)) this.#options.tell(input);
  }

  /** A line that follows the last one is told. False where lines between them are missing. */
  takeLine(line: unknown): boolean {
    const parsed = lineHeadSchema.safeParse(line);
    if (!parsed.success || this.#line === undefined || parsed.data.line > this.#line + 1) return false;
    if (parsed.data.line <= this.#line) return true;
    this.#line = parsed.data.line;
    this.#options.tell(mapLine(line, this.#options.reading));
    return true;
  }

  /** Bars that were handed out as history are not told once more. */
  noteBars(bars: readonly HistoryBar[]): void {
    for (const { instrument, openAt } of bars)
      this.#barAt.set(instrument, Math.max(openAt, this.#barAt.get(instrument) ?? 0));
  }

  #remember(facts: OrderFacts): void {
    this.#orders.set(facts.clientOrderId, facts);
    if (this.#orders.size <= ordersMax) return;
    for (const [id, known] of this.#orders) {
      if (known.state === 'working') continue;
      this.#orders.delete(id);
      return;
    }
  }

  /** A socket carries no headers, so the key goes in its first text and never in its address, which is logged on the way. */
  #subscribe(): void {
    this.#number = 0;
    const symbols = this.#instruments.map(({ symbol }) => symbol);
    this.#socket?.send(JSON.stringify({ type: 'subscribe', token: this.#options.token, symbols }));
  }

  #lose(reason: string): void {
    // The next connection begins with asking for all of it.
    this.#held = [];
    this.#impair(reason);
  }

  #hear(text: string): void {
    if (this.#isClosed) return;
    const message = messageOf(text);
    if (message === undefined) {
      this.#options.tell(quarantined(part, text, this.#options.reading));
      return;
    }
    if (message.n === undefined) {
      this.#connection.restart(`Harbor said '${this.#options.reading.excerpt(message.type)}'`);
      return;
    }
    this.#connection.alive();
    const expected = this.#number + 1;
    if (message.n < expected) return;
    this.#number = message.n;
    if (message.n > expected) this.#askForMissed(`messages from ${expected} to ${message.n - 1} are missing`);
    this.#take(message);
  }

  /** Prices are worth something only now; everything else keeps its order behind what was missed. */
  #take(message: VenueMessage): void {
    if (message.type === 'quote') this.#options.tell(mapQuote(message, this.#options.reading));
    else if (message.type === 'welcome') this.#askForMissed('the stream began anew');
    else if (message.type === 'beat') return;
    else if (!this.#isAsking) this.#tell(message);
    else if (this.#held.length < heldMax) this.#held.push(message);
    else this.#connection.restart(`more than ${heldMax} messages wait`);
  }

  #tell(message: VenueMessage): void {
    const { tell, reading } = this.#options;
    const order = orderAnswerSchema.safeParse(message);
    const line = lineMessageSchema.safeParse(message);
    const bar = barMessageSchema.safeParse(message);
    if (message.type === 'order' && order.success) this.takeOrder(order.data.order);
    else if (message.type === 'bar' && bar.success) this.#takeBars([bar.data.bar]);
    else if (message.type !== 'fill' || !line.success) tell(quarantined(part, message, reading));
    else if (!this.takeLine(line.data.fill)) this.#askForMissed(`lines before ${line.data.fill.line} are missing`);
  }

  #takeBars(list: readonly unknown[]): void {
    const { tell, reading } = this.#options;
    for (const each of list) {
      const bar = mapBar(each, reading);
      if (bar === undefined) tell(quarantined('bar', each, reading));
      else if (bar.openAt > (this.#barAt.get(bar.instrument) ?? 0)) {
        this.noteBars([bar]);
        tell({ type: 'bar.closed', ...bar });
      }
    }
  }

  #askForMissed(reason: string): void {
    this.#impair(reason);
    this.#hasMissed = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    void this.#askUntilWhole();
  }

  /** As long as the connection lasts: one that is lost asks anew once it is back. */
  async #askUntilWhole(): Promise<void> {
    while (this.#hasMissed && this.#connection.isUp && !this.#isClosed) {
      this.#hasMissed = false;
      if (await this.#takeMissed()) continue;
      this.#hasMissed = true;
      await new Promise<void>((done) => this.#options.time.after(askAgainMs, done));
    }
    this.#isAsking = false;
    if (this.#isClosed || !this.#connection.isUp) return;
    const held = this.#held;
    this.#held = [];
    if (this.#isWell !== true) this.#options.tell({ type: 'venue.restored', part, instrument: null });
    this.#isWell = true;
    for (const message of held) this.#take(message);
  }

  async #takeMissed(): Promise<boolean> {
    try {
      await this.#takeMissedLines();
      await this.#takeMissedOrders();
      await this.#takeMissedBars();
      return true;
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      this.#options.notice(`what the stream missed could not be asked for: ${error.message}`);
      return false;
    }
  }

  async #takeMissedLines(): Promise<void> {
    if (this.#line === undefined) return;
    for (const line of await readLines(this.#options.rest, this.#line)) this.takeLine(line);
  }

  /** The ledger comes first, so that an order that has ended has been filled before. */
  async #takeMissedOrders(): Promise<void> {
    const { rest } = this.#options;
    const account = await rest.account();
    this.#line ??= account.line;
    for (const order of account.orders) this.takeOrder(order);
    const listed = new Set(account.orders.map(({ id }) => id));
    const gone = [...this.#orders.values()].filter(
      ({ state, venueOrderId }) => state === 'working' && !listed.has(venueOrderId),
    );
    for (const { venueOrderId } of gone) {
      const found = await rest.order(venueOrderId);
      if (found !== undefined) this.takeOrder(found.order);
    }
  }

  async #takeMissedBars(): Promise<void> {
    const closedAt = Math.floor(this.#options.time.now() / minuteMs) * minuteMs;
    for (const { id, symbol } of this.#instruments) {
      const knownAt = this.#barAt.get(id);
      if (knownAt === undefined || knownAt + minuteMs >= closedAt) continue;
      this.#takeBars(await readBars(this.#options.rest, symbol, knownAt + minuteMs, closedAt));
    }
  }

  #impair(reason: string): void {
    if (this.#isWell !== false) this.#options.tell({ type: 'venue.impaired', part, instrument: null, reason });
    this.#isWell = false;
  }
}

/** The ledger after a line, page by page; what lies beyond the pages read at once comes with the next reading. */
export async function readLines(rest: HarborRest, after: number): Promise<LedgerLines> {
  const lines: LedgerLines = [];
  let last = after;
  for (let pages = 0; pages < linePagesMax; pages += 1) {
    const page = await rest.lines(last);
    lines.push(...page);
    last = page.at(-1)?.line ?? last;
    if (page.length < pageLength) break;
  }
  return lines;
}

/** Bars between two instants, page by page. */
export async function readBars(
  rest: HarborRest,
  symbol: string,
  fromAt: number,
  untilAt: number,
): Promise<readonly unknown[]> {
  const bars: unknown[] = [];
  const pageMs = pageLength * minuteMs;
  for (let at = fromAt; at < untilAt; at += pageMs)
    bars.push(...(await rest.bars(symbol, at, Math.min(untilAt, at + pageMs))));
  return bars;
}

function isOver({ state }: OrderFacts): boolean {
  return state === 'filled' || state === 'canceled' || state === 'expired';
}

function messageOf(text: string): VenueMessage | undefined {
  try {
    const parsed = messageSchema.safeParse(parseExactJson(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // What is no JSON is told as something that could not be understood.
    return undefined;
  }
}
