import { BusError, messageOf } from './bus-error.ts';
import { countInHand, type DeliveryQueue, isHeldBack, letGoOfLatest } from './delivery-queue.ts';
import { firstEntryId, laterEntryId } from './entry-id.ts';
import { type PatternStreams, patternStreams, readsEveryDomain } from './pattern-streams.ts';
import type { Pauses } from './pauses.ts';
import { createReadMemory, planRead, rememberRead } from './read-plan.ts';
import { retryDelay, storeBackoff } from './retry-delay.ts';
import type { StreamEntry, StreamReader } from './stream-driver.ts';
import type { Bus, BusProblem, SubscriptionLimits, SubscriptionOptions } from './subscription-types.ts';

/**
 * How entries came: new from their stream, left by this consumer's life before, taken over from another, or taken up again after they were let
 * go of or lost on their way. Only lives that ended without an answer speak against an entry.
 */
export type EntryOrigin = 'new' | 'left' | 'claimed' | 'again';

export interface FollowerOptions {
  readonly bus: Bus;
  readonly subscription: SubscriptionOptions;
  readonly limits: SubscriptionLimits;
  readonly pauses: Pauses;
  /** What is in hand, kept by the consumer. */
  readonly queue: DeliveryQueue;
  /** How many of them are on their way to the store as done. */
  leaving(): number;
  /** Takes entries in hand. */
  accept(entries: readonly StreamEntry[], origin: EntryOrigin): Promise<void>;
  /** Asks again about what waits for other consumers. */
  lookAgain(): Promise<void>;
  onFailure(message: string): void;
  onProblem(problem: BusProblem): void;
}

/** How long to wait before looking again whether another consumer is done, or whether the fast lane has something while all else is full. */
const lookAgainMs = 20;

/** How much is let go of at once to make room for what all else waits for. */
const letGoMax = 8;

/**
 * Brings a consumer its entries, one step after the other: what it held before, what others left, what is new. It never asks for
 * more than there is room for, and asks for the fast lane first.
 */
export class StreamFollower {
  readonly #options: FollowerOptions;
  readonly #reader: StreamReader;
  readonly #memory = createReadMemory();
  #streams: PatternStreams = { fast: [], normal: [] };
  #isPrepared = false;
  /** True where the last read found something, so that the next need not wait. */
  #isBusy = false;
  /** Streams left to look through for what this consumer holds without having it in hand; undefined once all were. */
  #recovery: { streams: string[]; afterId: string } | undefined;
  #isFirstRecovery = true;
  #refreshDueAt = 0;
  #claimDueAt = 0;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();
  #roomWanted: (() => void) | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#reader = options.bus.driver.openReader();
  }

  /** True once all that the store says this consumer holds was taken up. */
  get hasRecovered(): boolean {
    return this.#recovery === undefined && this.#isPrepared;
  }

  start(): void {
    this.#running = this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#reader.close();
    this.roomChanged();
  }

  /** Resolves when the last step is over. */
  stopped(): Promise<void> {
    return this.#running;
  }

  /** Something was let go of. */
  roomChanged(): void {
    this.#roomWanted?.();
  }

  async #run(): Promise<void> {
    const { bus, pauses, onFailure } = this.#options;
    for (let failures = 0; !this.#isStopped; ) {
      try {
        await this.#turn();
        failures = 0;
      } catch (error) {
        if (this.#isStopped) return;
        onFailure(messageOf(error));
        // What was on its way when the store failed is still ours, and a store that came back empty has no groups.
        this.#recovery = { streams: this.#allStreams(), afterId: firstEntryId };
        if (!(error instanceof BusError) || error.code !== 'unreachable') this.#isPrepared = false;
        await pauses.wait(retryDelay(storeBackoff, failures, bus.time.random()));
        failures += 1;
      }
    }
  }

  async #turn(): Promise<void> {
    const now = this.#options.bus.time.monotonic();
    if (!this.#isPrepared) await this.#prepare();
    else if (readsEveryDomain(this.#options.subscription.patterns) && now >= this.#refreshDueAt) await this.#refresh();
    if (now >= this.#claimDueAt) await this.#claim();
    const { queue, lookAgain } = this.#options;
    if (isHeldBack(queue)) await lookAgain();
    if (this.#isStopped || (await this.#readFast())) return;
    if (this.#recovery === undefined) await this.#readAll();
    else await this.#recover(this.#recovery);
  }

  async #prepare(): Promise<void> {
    const { bus, subscription, onProblem } = this.#options;
    const patterns = subscription.patterns.toSorted().join(' ');
    const before = await bus.driver.keepPatterns(subscription.group, patterns);
    if (before !== undefined && before !== patterns) {
      const message = `group '${subscription.group}' was subscribed with '${before}' before, found '${patterns}'`;
      onProblem({ type: 'patterns', message });
    }
    this.#streams = { fast: [], normal: [] };
    await this.#refresh();
    this.#recovery = { streams: this.#allStreams(), afterId: firstEntryId };
    this.#isPrepared = true;
  }

  /** Finds the streams of the patterns, and makes the group on those that are new. */
  async #refresh(): Promise<void> {
    const { bus, subscription, limits } = this.#options;
    const known = readsEveryDomain(subscription.patterns) ? await bus.driver.streams() : [];
    const wanted = patternStreams(subscription.patterns, known);
    const read = new Set(this.#allStreams());
    const added = [...wanted.fast, ...wanted.normal].filter((stream) => !read.has(stream));
    if (added.length > 0) await bus.driver.ensureGroup(subscription.group, added);
    this.#streams = wanted;
    this.#refreshDueAt = bus.time.monotonic() + limits.refreshMs;
  }

  /** Takes up some of what this consumer was given and has neither in hand nor acknowledged. */
  async #recover(recovery: { streams: string[]; afterId: string }): Promise<void> {
    const { bus, subscription, accept } = this.#options;
    const [stream] = recovery.streams;
    if (stream === undefined) {
      this.#recovery = undefined;
      this.#isFirstRecovery = false;
      return;
    }
    const count = this.#roomFor(stream);
    if (count <= 0) {
      await this.#roomWithin(lookAgainMs);
      return;
    }
    const { group, consumer } = subscription;
    const own = await bus.driver.readOwn({ group, consumer, stream, afterId: recovery.afterId, count });
    await accept(own, this.#isFirstRecovery ? 'left' : 'again');
    if (own.length === 0) {
      recovery.streams.shift();
      recovery.afterId = firstEntryId;
    }
    for (const { id } of own) recovery.afterId = laterEntryId(recovery.afterId, id);
  }

  /** Takes over what others have not touched for a while, and shows that what waits here is still wanted. */
  async #claim(): Promise<void> {
    const { bus, subscription, limits, queue, accept } = this.#options;
    const { driver, time } = bus;
    const { group, consumer } = subscription;
    await this.#touch();
    // All that is in hand may wait for what a dead consumer holds; without room to take that over nothing would ever go on.
    if (this.#normalRoom() <= 0 && isHeldBack(queue) && letGoOfLatest(queue, letGoMax) > 0) {
      this.#recovery = { streams: this.#allStreams(), afterId: firstEntryId };
    }
    let isFull = false;
    for (const stream of this.#allStreams()) {
      const count = this.#roomFor(stream);
      isFull ||= count <= 0;
      if (count <= 0) continue;
      const { minIdleMs } = limits;
      await accept(await driver.claimIdle({ group, consumer, stream, minIdleMs, count }), 'claimed');
    }
    await driver.forgetHandled(group, time.now() - limits.handledForMs);
    this.#claimDueAt =
      time.monotonic() + Math.min(limits.claimEveryMs, isFull ? limits.refreshMs : limits.claimEveryMs);
  }

  async #touch(): Promise<void> {
    const { bus, subscription, queue } = this.#options;
    const { group, consumer } = subscription;
    // What the handler has is left alone: one that never answers must not keep its envelope for ever.
    const waiting = [...queue.byPlace.values()].filter(({ state }) => state !== 'handling' && state !== 'settling');
    for (const [stream, deliveries] of Map.groupBy(waiting, ({ entry }) => entry.stream)) {
      await bus.driver.touch({ group, consumer, stream, ids: deliveries.map(({ entry }) => entry.id) });
    }
  }

  /** True where the fast lane had something, so that it is asked again before all else. */
  async #readFast(): Promise<boolean> {
    const { fast } = this.#streams;
    const room = this.#room();
    return fast.length > 0 && room > 0 && (await this.#read(fast, room, 0)) > 0;
  }

  async #readAll(): Promise<void> {
    const { limits, queue, pauses, bus, subscription, leaving } = this.#options;
    const { fast, normal } = this.#streams;
    if (fast.length + normal.length === 0) {
      await pauses.wait(limits.refreshMs);
      return;
    }
    const isHeld = isHeldBack(queue);
    // What is on its way out is gone before a read that does not wait.
    const room = this.#normalRoom() + (this.#isBusy ? leaving() : 0);
    if (room <= 0) {
      await this.#roomWithin(fast.length > 0 || isHeld ? lookAgainMs : limits.blockMs);
      return;
    }
    const all = [...fast, ...normal];
    const waits = [limits.blockMs, Math.max(1, this.#claimDueAt - bus.time.monotonic())];
    if (isHeld) waits.push(lookAgainMs);
    if (readsEveryDomain(subscription.patterns)) waits.push(limits.refreshMs);
    this.#isBusy = (await this.#read(all, room, this.#isBusy ? 0 : Math.min(...waits))) > 0;
  }

  async #read(streams: readonly string[], room: number, blockMs: number): Promise<number> {
    const { subscription, accept } = this.#options;
    const plan = planRead(this.#memory, streams, room);
    const { group, consumer } = subscription;
    const entries = await this.#reader.read({
      group,
      consumer,
      streams: plan.streams,
      count: plan.count,
      blockMs: Math.min(plan.waitMsMax, blockMs),
    });
    rememberRead(this.#memory, plan, entries);
    if (entries.length > 0) await accept(entries, 'new');
    return entries.length;
  }

  /** How much may be taken in hand. */
  #room(): number {
    return this.#options.limits.inFlightMax - countInHand(this.#options.queue);
  }

  /** The same without what is kept free for the fast lane. */
  #normalRoom(): number {
    const { limits, queue } = this.#options;
    const reserve = this.#streams.fast.length === 0 ? 0 : limits.fastReserve;
    return Math.min(this.#room(), limits.inFlightMax - reserve - (countInHand(queue) - queue.fast));
  }

  #roomFor(stream: string): number {
    return this.#streams.fast.includes(stream) ? this.#room() : this.#normalRoom();
  }

  async #roomWithin(ms: number): Promise<void> {
    if (this.#isStopped) return;
    const room = new Promise<void>((done) => {
      this.#roomWanted = done;
    });
    await Promise.race([room, this.#options.pauses.wait(ms)]);
    this.#roomWanted = undefined;
  }

  #allStreams(): string[] {
    return [...this.#streams.fast, ...this.#streams.normal];
  }
}
