import type { Bar } from '#domain/bar.ts';
import { dayEvent } from './day-statistics.ts';
import { type DepthImage, depthChanges, depthImage, levelTexts } from './depth-image.ts';
import { intervalAround, isInterval, klineAround, klineEvent } from './kline-rows.ts';
import { aggregateTradeEvent, bookTickerEvent, coinMarginedRow, markPriceEvent } from './market-payloads.ts';
import type { Market } from './markets.ts';
import { parseTopic, type Topic } from './topic-names.ts';
import type { WireJson } from './wire-json.ts';
import { forgetTimer, serverNow, setTimer, type World } from './world.ts';

type DepthTopic = Extract<Topic, { type: 'depth' }>;
type KlineTopic = Extract<Topic, { type: 'kline' }>;

/** How often an open bar is told at most. */
const klineEveryMs = 250;
const beatMs = 1_000;
const earlyMs = 100;
const tickerEveryMs = 2_000;
const minuteMs = 60_000;
const beatTimer = 'market beat';

/** The last difference of a depth stream: the next one goes on from it. */
interface DepthTold {
  readonly updateId: number;
  readonly image: DepthImage;
}

/** Says what markets do to whoever listens. Nothing is worked out for streams without a listener. */
export class MarketStreams {
  readonly #world: World;
  readonly #byMarket = new Map<string, Topic[]>();
  #ofAll: Topic[] = [];
  #beats: Topic[] = [];
  readonly #depthTold = new Map<string, DepthTold>();
  readonly #klineToldAt = new Map<string, number>();
  readonly #lastBid = new Map<Market, number>();

  constructor(world: World) {
    this.#world = world;
    world.hub.onNames = () => this.#index();
  }

  /** The touch of a market has come anew. */
  tellQuote(market: Market): void {
    market.updateId += 1;
    for (const topic of this.#byMarket.get(market.streamName) ?? []) this.#tellTouch(topic, market);
    for (const topic of this.#ofAll) if (topic.type === 'bookTicker') this.#tellTouch(topic, market);
    const bid = this.#world.floor.book(market.instrumentId)?.bidPrice ?? 0;
    this.#lastBid.set(market, bid);
  }

  /** A minute is over. */
  tellBar(market: Market, bar: Bar): void {
    for (const topic of this.#byMarket.get(market.streamName) ?? []) {
      if (topic.type !== 'kline') continue;
      const { endAt } = intervalAround(topic.interval, bar.openAt);
      this.#tellKline(topic, market, bar.openAt, bar.openAt + minuteMs >= endAt);
    }
  }

  #tellTouch(topic: Topic, market: Market): void {
    switch (topic.type) {
      case 'bookTicker':
        this.#publish(topic, bookTickerEvent(this.#world, market));
        return;
      case 'aggTrade':
        this.#tellTrade(topic, market);
        return;
      case 'depth':
        this.#planDepth(topic, market);
        return;
      case 'kline':
        this.#tellRunningKline(topic, market);
        return;
      case 'markPrice':
      case 'ticker':
      case 'miniTicker':
      case 'forceOrder':
      case 'contractInfo':
        return;
    }
  }

  #tellTrade(topic: Topic, market: Market): void {
    const bid = this.#world.floor.book(market.instrumentId)?.bidPrice ?? 0;
    const before = this.#lastBid.get(market) ?? bid;
    if (bid !== before) this.#publish(topic, aggregateTradeEvent(this.#world, market, bid < before));
  }

  #tellRunningKline(topic: KlineTopic, market: Market): void {
    const now = this.#world.time.now();
    if (now - (this.#klineToldAt.get(topic.name) ?? -Infinity) < klineEveryMs) return;
    this.#klineToldAt.set(topic.name, now);
    this.#tellKline(topic, market, now, false);
  }

  #tellKline(topic: KlineTopic, market: Market, at: number, isClosed: boolean): void {
    const { interval, isContinuous } = topic;
    const kline = klineAround(this.#world, market, interval, at);
    if (kline === undefined) return;
    this.#publish(topic, klineEvent(market, kline, { interval, isClosed, now: serverNow(this.#world), isContinuous }));
  }

  /** Changes are gathered up to the next turn of the stream's own clock. */
  #planDepth(topic: DepthTopic, market: Market): void {
    const name = `depth ${topic.name}`;
    if (this.#world.timers.has(name)) return;
    const waitMs = topic.everyMs - (this.#world.time.now() % topic.everyMs);
    setTimer(this.#world, name, waitMs, () => this.#tellDepth(topic, market));
  }

  #tellDepth(topic: DepthTopic, market: Market): void {
    const before = this.#depthTold.get(topic.name);
    const image = depthImage(this.#world, market);
    if (before === undefined) return;
    this.#depthTold.set(topic.name, { image, updateId: market.updateId });
    if (topic.levels === 0 && this.#isDropped(market)) return;
    const now = serverNow(this.#world);
    const { levels } = topic;
    const bids = levels > 0 ? image.bids.slice(0, levels) : depthChanges(before.image.bids, image.bids);
    const asks = levels > 0 ? image.asks.slice(0, levels) : depthChanges(before.image.asks, image.asks);
    this.#publish(topic, {
      e: 'depthUpdate',
      E: now,
      T: now,
      s: market.symbol,
      ps: market.symbol,
      U: before.updateId + 1,
      u: market.updateId,
      pu: before.updateId,
      b: levelTexts(market, bids),
      a: levelTexts(market, asks),
      st: 1,
    });
  }

  #isDropped({ symbol }: Market): boolean {
    const { droppedDepths } = this.#world.script;
    const left = droppedDepths.get(symbol) ?? 0;
    if (left > 0) droppedDepths.set(symbol, left - 1);
    return left > 0;
  }

  /** Once a second, as long as somebody wants what comes by the clock. */
  #beat(): void {
    const now = this.#world.time.now();
    for (const topic of this.#beats) {
      const everyMs = topic.type === 'markPrice' ? topic.everyMs : tickerEveryMs;
      if (Math.round(now / beatMs) % (everyMs / beatMs) === 0) this.#tellBeat(topic);
    }
    this.#planBeat();
  }

  #tellBeat(topic: Topic): void {
    const markets = [...this.#world.marketBySymbol.values()];
    if (topic.streamName !== '') {
      const market = markets.find(({ streamName }) => streamName === topic.streamName);
      if (market !== undefined && market.status !== 'CLOSE') this.#publish(topic, this.#beatEvent(topic, market));
      return;
    }
    const events = markets.map((market) => this.#beatEvent(topic, market));
    this.#publish(topic, [...events, coinMarginedRow(this.#world, events[0])]);
  }

  #beatEvent(topic: Topic, market: Market): WireJson {
    if (topic.type === 'markPrice') return markPriceEvent(this.#world, market);
    return dayEvent(this.#world, market, topic.type === 'miniTicker');
  }

  #planBeat(): void {
    if (this.#beats.length === 0) {
      forgetTimer(this.#world, beatTimer);
      return;
    }
    if (this.#world.timers.has(beatTimer)) return;
    const waitMs = beatMs - (this.#world.time.now() % beatMs);
    // Clocks of machines may wake a little early: the same second is not told twice.
    setTimer(this.#world, beatTimer, waitMs < earlyMs ? waitMs + beatMs : waitMs, () => this.#beat());
  }

  /** Sorts what is listened to by market, by all markets at once and by the clock. */
  #index(): void {
    this.#byMarket.clear();
    const topics = this.#world.hub.names.flatMap((name) => parseTopic(name) ?? []);
    for (const topic of topics) {
      if (topic.type === 'kline' && !isInterval(topic.interval)) continue;
      const known = this.#byMarket.get(topic.streamName) ?? [];
      if (known.length === 0) this.#byMarket.set(topic.streamName, known);
      known.push(topic);
    }
    this.#ofAll = topics.filter(({ streamName }) => streamName === '');
    this.#beats = topics.filter(({ type }) => type === 'markPrice' || type === 'ticker' || type === 'miniTicker');
    this.#beginDepths(topics);
    this.#planBeat();
  }

  /** A depth stream begins with the book as it stands when the first listener comes. */
  #beginDepths(topics: readonly Topic[]): void {
    const wanted = new Set(topics.filter(({ type }) => type === 'depth').map(({ name }) => name));
    for (const name of [...this.#depthTold.keys()]) if (!wanted.has(name)) this.#depthTold.delete(name);
    for (const market of this.#world.marketBySymbol.values()) {
      for (const { type, name } of this.#byMarket.get(market.streamName) ?? []) {
        if (type !== 'depth' || this.#depthTold.has(name)) continue;
        this.#depthTold.set(name, { image: depthImage(this.#world, market), updateId: market.updateId });
      }
    }
  }

  #publish(topic: Topic, event: WireJson): void {
    this.#world.hub.publish(topic.name, JSON.stringify(event));
  }
}
