import { parseExactJson } from '#adapters/wire/exact-json.ts';
import type { NetworkPort } from '#engine/ports.ts';
import type { MarketBars } from './market-bars.ts';
import type { MarketContext } from './market-context.ts';
import { MarketDepth } from './market-depth.ts';
import type { MarketPrices } from './market-prices.ts';
import { quarantined } from './quarantine.ts';
import { streamHeadSchema, subscriptionAnswerSchema, wrappedSchema } from './schema.ts';
import { RenewedStream } from './stream.ts';

/** Streams on one socket. The address names them all, so that nothing needs to be subscribed to and nothing is acknowledged. */
export const streamsPerSocketMax = 200;
/** A socket without any payload for so long is replaced. */
const idleMs = 30_000;
/** One of whose streams is silent for so long is replaced, too, but not more often than so. */
const silentPricesMs = 30_000;
const silentBarsMs = 150_000;
const restartEveryMs = 120_000;
const watchEveryMs = 1_000;
/** Of other products or of no use to the desk. */
const ignored = new Set(['forceOrder', 'contractInfo', 'tradingSession', 'assetIndexUpdate']);

export interface MarketStreamOptions {
  readonly context: MarketContext;
  readonly network: NetworkPort;
  readonly origin: string;
  readonly symbols: readonly string[];
  readonly prices: MarketPrices;
  readonly bars: MarketBars;
  readonly hasDepth: boolean;
}

interface Socket {
  readonly stream: RenewedStream;
  readonly symbols: readonly string[];
  readonly silentMs: () => number;
  restartedAt: number;
}

/** Sockets for everything of the market; each part of the venue has its own path, and what is asked for on the wrong one never comes. */
export class MarketStream {
  readonly #options: MarketStreamOptions;
  readonly #depth: MarketDepth;
  readonly #sockets: readonly Socket[];
  #cancelWatch: () => void = () => undefined;

  constructor(options: MarketStreamOptions) {
    const { symbols, context, prices, bars, hasDepth } = options;
    this.#options = options;
    this.#depth = new MarketDepth(context, hasDepth ? symbols : []);
    this.#sockets = [
      ...this.#open(
        'public',
        hasDepth ? ['bookTicker', 'depth@500ms'] : ['bookTicker'],
        (group) => prices.ageMs(group, 'quote') / silentPricesMs,
      ),
      ...this.#open('market', ['kline_1m', 'markPrice@1s'], (group) =>
        Math.max(prices.ageMs(group, 'mark') / silentPricesMs, bars.ageMs(group) / silentBarsMs),
      ),
    ];
  }

  open(): void {
    for (const { stream } of this.#sockets) stream.open();
    this.#watch();
  }

  close(): void {
    this.#cancelWatch();
    for (const { stream } of this.#sockets) stream.close();
    this.#options.prices.close();
  }

  #open(path: string, kinds: readonly string[], silence: (symbols: readonly string[]) => number): Socket[] {
    const { symbols, context, network, origin } = this.#options;
    const each = Math.floor(streamsPerSocketMax / kinds.length);
    const groups = Array.from({ length: Math.ceil(symbols.length / each) }, (_, i) =>
      symbols.slice(i * each, (i + 1) * each),
    );
    return groups.map((group) => ({
      symbols: group,
      silentMs: () => silence(group),
      restartedAt: context.time.monotonic(),
      stream: new RenewedStream({
        time: context.time,
        network,
        name: `the ${path} stream`,
        url: () => `${origin}/${path}/stream?streams=${streamNames(group, kinds)}`,
        idleMs,
        livesByPings: false,
        onText: (text) => this.#onText(text),
        onUp: () => context.onNotice(`the ${path} stream is open`),
        onDown: (reason) => this.#onDown(path, reason),
      }),
    }));
  }

  #onDown(path: string, reason: string): void {
    this.#options.context.onNotice(`the ${path} stream is down: ${reason}`);
    if (path === 'public') this.#depth.onDown();
  }

  #onText(text: string): void {
    const payload = parsed(text);
    const wrapped = wrappedSchema.safeParse(payload);
    if (wrapped.success) {
      this.#dispatch(wrapped.data.data);
      return;
    }
    const answer = subscriptionAnswerSchema.safeParse(payload);
    if (!answer.success) this.#options.context.tell(quarantined('prices', 'a message cannot be read', text));
    else if (answer.data.error !== undefined)
      this.#options.context.onNotice(`the venue refuses a stream: ${answer.data.error.msg.slice(0, 200)}`);
  }

  #dispatch(data: unknown): void {
    const head = streamHeadSchema.safeParse(data);
    const { prices, bars, context } = this.#options;
    // Coin-margined instruments are in some of these streams, too.
    if (head.data?.st === 2) return;
    const kind = head.data?.e ?? '';
    switch (kind) {
      case 'bookTicker':
        prices.onBookTicker(data);
        return;
      case 'markPriceUpdate':
        prices.onMarkPrice(data);
        return;
      case 'kline':
        bars.onKline(data);
        return;
      case 'depthUpdate':
        this.#depth.onDepth(data);
        return;
      default:
        if (ignored.has(kind)) return;
        context.tell(quarantined('prices', 'a message of an unknown kind', JSON.stringify(data)));
    }
  }

  #watch(): void {
    const { context, prices, bars } = this.#options;
    this.#cancelWatch = context.time.after(watchEveryMs, () => {
      prices.watch();
      bars.watch();
      this.#depth.tell();
      for (const socket of this.#sockets) this.#restartSilent(socket);
      this.#watch();
    });
  }

  /** A stream may be silent while its socket is not: then only a new socket helps. */
  #restartSilent(socket: Socket): void {
    const now = this.#options.context.time.monotonic();
    if (socket.silentMs() < 1 || !socket.stream.isUp || now - socket.restartedAt < restartEveryMs) return;
    socket.restartedAt = now;
    socket.stream.restart('one of its streams is silent');
  }
}

/** Symbols are in lower case here, and encoded where they are not plain. */
function streamNames(symbols: readonly string[], kinds: readonly string[]): string {
  return symbols
    .flatMap((symbol) => kinds.map((kind) => `${encodeURIComponent(symbol.toLowerCase())}@${kind}`))
    .join('/');
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
