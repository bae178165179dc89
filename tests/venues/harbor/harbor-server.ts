import { z } from 'zod';
import { parseDecimalText } from '#domain/decimal-text.ts';
import type { Instrument } from '#domain/instrument.ts';
import { formatScaled } from '#domain/scale.ts';
import type { MarketEvent, TimePort } from '#engine/ports.ts';
import type { ActingServer } from '#venue-simulators/faulty-server.ts';
import type { VenueFloor } from '#venue-simulators/venue-floor.ts';
import type { WireReply, WireRequest, WireSocket, WireSocketPeer } from '#venue-simulators/wire-server.ts';
import { type AccountOrder, HarborAccount } from './harbor-account.ts';
import { changeBodySchema, orderBodySchema, subscriptionSchema } from './schema.ts';

const beatMs = 5_000;
const minuteMs = 60_000;
const requestsPerSecond = 50;
const pageMax = 500;
const socketsMax = 64;

export interface HarborServerOptions {
  readonly time: TimePort;
  readonly floor: VenueFloor;
  readonly token: string;
}

/** The wire protocol of Harbor before a floor. */
export function createHarborServer(options: HarborServerOptions): ActingServer {
  return new HarborServer(options);
}

/** What a request is answered with. */
interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A socket that has subscribed, and the number of its last message. */
interface Subscriber {
  readonly socket: WireSocket;
  readonly symbols: ReadonlySet<string>;
  number: number;
  forgetBeat: () => void;
}

class HarborServer implements ActingServer {
  readonly venue = 'harbor';
  readonly #options: HarborServerOptions;
  readonly #account: HarborAccount;
  readonly #subscribers = new Set<Subscriber>();
  readonly #stopListening: () => void;
  #second = 0;
  #requests = 0;

  constructor(options: HarborServerOptions) {
    const { time, floor } = options;
    this.#options = options;
    this.#account = new HarborAccount({ time, floor, onNews: (news) => this.#tellAll(news) });
    this.#stopListening = floor.listen({ onMarket: (event) => this.#tellMarket(event) });
  }

  handle(request: WireRequest, reply: WireReply): void {
    this.#options.floor.settle();
    const { status, body, headers = {} } = this.#answer(request);
    reply.answer({ status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  }

  openSocket({ path }: WireRequest, socket: WireSocket): WireSocketPeer | { readonly status: number } {
    if (path !== '/v1/stream') return { status: 404 };
    if (this.#subscribers.size >= socketsMax) return { status: 503 };
    let subscriber: Subscriber | undefined;
    return {
      onText: (text) => {
        subscriber ??= this.#subscribe(text, socket);
      },
      onPong: () => undefined,
      onClose: () => {
        if (subscriber === undefined) return;
        subscriber.forgetBeat();
        this.#subscribers.delete(subscriber);
      },
    };
  }

  act(action: string, parameters: Readonly<Record<string, unknown>>): void {
    const { floor } = this.#options;
    switch (action) {
      case 'externalOrder': {
        const { symbol, quantity } = z.strictObject({ symbol: z.string(), quantity: z.string() }).parse(parameters);
        const instrument = this.#bySymbol(symbol);
        const signed = parseDecimalText(quantity, instrument.quantityDecimals) ?? 0;
        this.#account.submit({
          ...{
            client: null,
            instrument: instrument.id,
            side: signed > 0 ? 'buy' : 'sell',
            type: 'market',
            price: null,
          },
          ...{ quantity: Math.abs(signed), isReduceOnly: false, timeInForce: 'IOC', expiresAt: null },
        });
        return;
      }
      case 'transfer': {
        const { amount } = z.strictObject({ amount: z.string() }).parse(parameters);
        this.#account.transfer(parseDecimalText(amount, floor.state.moneyDecimals) ?? 0);
        return;
      }
      case 'halt':
      case 'resume': {
        const { id } = this.#bySymbol(z.strictObject({ symbol: z.string() }).parse(parameters).symbol);
        if (action === 'halt') floor.halt(id);
        else floor.resume(id);
        return;
      }
      default:
        throw new Error(`'externalOrder', 'transfer', 'halt' or 'resume' is expected, found '${action}'`);
    }
  }

  close(): void {
    this.#stopListening();
    for (const { forgetBeat, socket } of [...this.#subscribers]) {
      forgetBeat();
      socket.close();
    }
    this.#subscribers.clear();
  }

  #answer(request: WireRequest): Answer {
    const { method, path, headers, query } = request;
    if (headers['authorization'] !== `Bearer ${this.#options.token}`)
      return refusal(401, 'UNAUTHORIZED', 'the key is wrong');
    if (!this.#isWithinLimit())
      return { ...refusal(429, 'TOO_MANY_REQUESTS', 'wait a second'), headers: { 'retry-after': '1' } };
    const parameters = new URLSearchParams(query);
    if (path.startsWith('/v1/orders')) return this.#orders(request);
    switch (`${method} ${path}`) {
      case 'GET /v1/account':
        return done(this.#accountView());
      case 'GET /v1/instruments':
        return done({ instruments: this.#options.floor.state.instruments.map(listed) });
      case 'GET /v1/bars':
        return this.#bars(parameters);
      case 'GET /v1/fills': {
        const after = Number(parameters.get('after') ?? Number.NaN);
        if (!Number.isSafeInteger(after) || after < 0) return refusal(400, 'BAD_REQUEST', "'after' is a line");
        return done({ fills: this.#account.lines.slice(after, after + limitIn(parameters)) });
      }
      default:
        return refusal(404, 'NO_SUCH_PATH', `'${method} ${path}' is nothing`);
    }
  }

  #isWithinLimit(): boolean {
    const second = Math.floor(this.#options.time.now() / 1_000);
    this.#requests = second === this.#second ? this.#requests + 1 : 1;
    this.#second = second;
    return this.#requests <= requestsPerSecond;
  }

  #orders({ method, path, body }: WireRequest): Answer {
    const account = this.#account;
    const views = (orders: readonly AccountOrder[]): object[] => orders.map((order) => account.view(order));
    const id = decodeURIComponent(path.slice('/v1/orders/'.length));
    if (id === '' && method === 'GET') return done({ orders: views(account.working) });
    if (id === '' && method === 'POST') return this.#create(parsedJson(body));
    const order = account.order(id);
    if (order === undefined) return refusal(404, 'UNKNOWN_ORDER', `'${id}' is no order`);
    if (method === 'GET') return done({ order: account.view(order), fills: account.fillsOf(order.id) });
    if (order.state !== 'working') return refusal(409, 'ORDER_ENDED', `'${id}' is '${order.state}'`);
    if (method === 'DELETE') account.cancel(order);
    else {
      const change = changeBodySchema.safeParse(parsedJson(body));
      const decimals = this.#options.floor.book(order.instrument)?.instrument.priceDecimals ?? 0;
      const price = change.success ? parseDecimalText(change.data.price, decimals) : undefined;
      if (price === undefined) return refusal(400, 'BAD_REQUEST', 'a price is expected');
      account.change(order, price);
      if (order.price !== price) return refusal(422, 'INVALID_PRICE', `'${id}' keeps its price`);
    }
    return done({ order: account.view(order) });
  }

  #create(body: unknown): Answer {
    const parsed = orderBodySchema.safeParse(body);
    if (!parsed.success) return refusal(400, 'BAD_REQUEST', `field '${parsed.error.issues[0]?.path.join('.') ?? ''}'`);
    const { symbol, client, price: priceText, quantity: quantityText, reduceOnly, ...terms } = parsed.data;
    if (client !== null && this.#account.order(client) !== undefined)
      return refusal(409, 'DUPLICATE_ID', `'${client}' was used before`);
    const instrument = this.#options.floor.state.instruments.find((each) => each.symbol === symbol);
    if (instrument === undefined) return refusal(422, 'UNKNOWN_INSTRUMENT', `'${symbol}' is not listed`);
    const quantity = parseDecimalText(quantityText, instrument.quantityDecimals);
    const price = priceText === null ? null : parseDecimalText(priceText, instrument.priceDecimals);
    if (quantity === undefined || price === undefined) return refusal(400, 'BAD_REQUEST', 'too many decimals');
    const asked = { ...terms, client, instrument: instrument.id, quantity, price, isReduceOnly: reduceOnly };
    const order = this.#account.submit(asked);
    if (order.state === 'refused') return refusal(422, order.code, order.reason);
    return { status: 201, body: { order: this.#account.view(order) } };
  }

  #accountView(): object {
    const { floor, time } = this.#options;
    const { balance, positions } = floor.ledger();
    return {
      ...{ environment: 'simulated', currency: floor.state.accountCurrency, mayTrade: true, isNetting: true },
      ...{ time: time.now(), line: this.#account.lines.length },
      balance: formatScaled(balance, floor.state.moneyDecimals),
      positions: positions.flatMap(({ instrument: id, signedQuantity, cost }) => {
        const instrument = floor.book(id)?.instrument;
        if (instrument === undefined || signedQuantity === 0) return [];
        const { symbol, priceDecimals, quantityDecimals } = instrument;
        const quantity = formatScaled(signedQuantity, quantityDecimals);
        return [{ symbol, quantity, cost: formatScaled(cost, priceDecimals + quantityDecimals) }];
      }),
      orders: this.#account.working.map((order) => this.#account.view(order)),
    };
  }

  #bars(parameters: URLSearchParams): Answer {
    const { floor } = this.#options;
    const instrument = floor.state.instruments.find(({ symbol }) => symbol === parameters.get('symbol'));
    const [fromAt, untilAt] = [Number(parameters.get('from')), Number(parameters.get('until'))];
    if (instrument === undefined || !(fromAt < untilAt)) return refusal(400, 'BAD_REQUEST', 'a symbol and a span');
    const bars = floor.history(instrument.id, fromAt, untilAt).slice(0, limitIn(parameters));
    return done({ bars: bars.map((bar) => barView(instrument, bar)) });
  }

  #subscribe(text: string, socket: WireSocket): Subscriber | undefined {
    const parsed = subscriptionSchema.safeParse(parsedJson(text));
    if (!parsed.success || parsed.data.token !== this.#options.token) {
      socket.send(JSON.stringify({ type: 'refused', code: parsed.success ? 'UNAUTHORIZED' : 'BAD_REQUEST' }));
      socket.close();
      return undefined;
    }
    const symbols = new Set(parsed.data.symbols);
    const subscriber: Subscriber = { socket, symbols, number: 0, forgetBeat: () => undefined };
    this.#subscribers.add(subscriber);
    tellOne(subscriber, { type: 'welcome', line: this.#account.lines.length });
    for (const { instrument, bidPrice, askPrice } of this.#options.floor.state.books.values())
      if (bidPrice > 0 && symbols.has(instrument.symbol))
        tellOne(subscriber, quoteView(instrument, bidPrice, askPrice));
    this.#beat(subscriber);
    return subscriber;
  }

  #beat(subscriber: Subscriber): void {
    subscriber.forgetBeat = this.#options.time.after(beatMs, () => {
      tellOne(subscriber, { type: 'beat', time: this.#options.time.now() });
      this.#beat(subscriber);
    });
  }

  #tellMarket(event: MarketEvent): void {
    const instrument = this.#options.floor.book(event.instrument)?.instrument;
    if (instrument === undefined) return;
    const message =
      event.type === 'quote.updated'
        ? quoteView(instrument, event.bidPrice, event.askPrice)
        : { type: 'bar', bar: barView(instrument, event) };
    for (const each of [...this.#subscribers]) if (each.symbols.has(instrument.symbol)) tellOne(each, message);
  }

  #tellAll(message: object): void {
    for (const each of [...this.#subscribers]) tellOne(each, message);
  }

  #bySymbol(symbol: string): Instrument {
    const instrument = this.#options.floor.state.instruments.find((each) => each.symbol === symbol);
    if (instrument === undefined) throw new Error(`an instrument on the floor is expected, found '${symbol}'`);
    return instrument;
  }
}

function tellOne(subscriber: Subscriber, message: object): void {
  subscriber.number += 1;
  subscriber.socket.send(JSON.stringify({ n: subscriber.number, ...message }));
}

function done(body: object): Answer {
  return { status: 200, body };
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } };
}

function limitIn(parameters: URLSearchParams): number {
  const limit = Number(parameters.get('limit') ?? pageMax);
  return Number.isSafeInteger(limit) && limit > 0 ? Math.min(limit, pageMax) : pageMax;
}

function listed(instrument: Instrument): object {
  const { symbol, baseCurrency: base, quoteCurrency: quote, priceDecimals, quantityDecimals, marginRate } = instrument;
  return {
    ...{ symbol, base, quote, priceDecimals, quantityDecimals, margin: String(marginRate) },
    tick: formatScaled(instrument.tickSize, priceDecimals),
    lot: formatScaled(instrument.lotSize, quantityDecimals),
    minimum: formatScaled(instrument.minimumQuantity, quantityDecimals),
    maximum: formatScaled(instrument.maximumQuantity, quantityDecimals),
  };
}

function quoteView({ symbol, priceDecimals }: Instrument, bidPrice: number, askPrice: number): object {
  return {
    type: 'quote',
    symbol,
    bid: formatScaled(bidPrice, priceDecimals),
    ask: formatScaled(askPrice, priceDecimals),
  };
}

type SeenBar = Pick<
  Extract<MarketEvent, { type: 'bar.closed' }>,
  'openAt' | 'open' | 'high' | 'low' | 'close' | 'spread' | 'volume'
>;

/** The floor's bars are of bids; the middle is half a spread above, which takes one decimal more. */
function barView({ symbol, priceDecimals }: Instrument, bar: SeenBar): object {
  const { openAt, spread, volume } = bar;
  const mid = (bid: number): string => formatScaled(bid * 10 + spread * 5, priceDecimals + 1);
  const prices = { open: mid(bar.open), high: mid(bar.high), low: mid(bar.low), close: mid(bar.close) };
  const time = Math.floor(openAt / minuteMs) * minuteMs;
  return { symbol, time, ...prices, spread: formatScaled(spread, priceDecimals), volume };
}

function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    // What is no JSON fits no schema either, and is refused as that.
    return undefined;
  }
}
