import { deadLetterStreamOf, isFastLane } from '#domain/bus/envelope.ts';
import { BusError, messageOf } from './bus-error.ts';
import {
  countInHand,
  createDeliveryQueue,
  type DeliveryQueue,
  endTurn,
  type HeldDelivery,
  holdDelivery,
  holdEnding,
  holdsPlace,
  isDue,
  orderKeyOf,
  placeOf,
  releaseDelivery,
  releaseEnding,
  waitingDeliveries,
} from './delivery-queue.ts';
import { deadLetterStreamOfEntry, readIncoming } from './incoming-entry.ts';
import { heldBack } from './key-holders.ts';
import { patternsProblem } from './pattern-streams.ts';
import { Pauses } from './pauses.ts';
import { handlerBackoff, retryDelay } from './retry-delay.ts';
import { type Outcome, Settler } from './settler.ts';
import type { DeadLetter, StreamEntry } from './stream-driver.ts';
import { type EntryOrigin, StreamFollower } from './stream-follower.ts';
import {
  type Bus,
  defaultLimits,
  type Subscription,
  type SubscriptionLimits,
  type SubscriptionOptions,
  type SubscriptionStats,
} from './subscription-types.ts';

/**
 * Begins to hand the envelopes of some patterns to a handler, at once and from the first that is kept, and goes on through every outage
 * of the store until it is closed. Each envelope is acknowledged after the handler has succeeded, so that it comes once or more often;
 * one that the group is known to have handled is left out. Envelopes of one key keep the order of their stream, whichever consumer of
 * the group has them. Throws a `BusError` of code `pattern`.
 */
export function subscribe(bus: Bus, options: SubscriptionOptions): Subscription {
  const problem = patternsProblem(options.patterns);
  if (problem !== undefined) throw new BusError('pattern', problem);
  const consumer = new BusConsumer(bus, options);
  return { close: () => consumer.close(), stats: () => consumer.stats() };
}

/** Ids of envelopes handled lately, for doubles that were read before the first was done. */
const recentMax = 1_024;

type Counts = { -readonly [name in keyof Omit<SubscriptionStats, 'inFlight'>]: number };

class BusConsumer {
  readonly #bus: Bus;
  readonly #options: SubscriptionOptions;
  readonly #limits: SubscriptionLimits;
  readonly #queue: DeliveryQueue = createDeliveryQueue();
  readonly #pauses: Pauses;
  readonly #settler: Settler;
  readonly #follower: StreamFollower;
  #recent = new Set<string>();
  #lessRecent = new Set<string>();
  readonly #counts: Counts = {
    handled: 0,
    duplicates: 0,
    passedOver: 0,
    retries: 0,
    deadLetters: 0,
    claimed: 0,
    storeFailures: 0,
    inFlightPeak: 0,
  };
  #atWork = 0;
  #workEnded: (() => void) | undefined;
  #isStarting = false;
  #hasMoreDue = false;
  #isClosing = false;
  #closed: Promise<void> | undefined;

  constructor(bus: Bus, options: SubscriptionOptions) {
    this.#bus = bus;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#pauses = new Pauses(bus.time);
    this.#settler = new Settler({
      ...bus,
      pauses: this.#pauses,
      group: options.group,
      onSent: () => this.#follower.roomChanged(),
      onFailure: (message) => this.#storeFailed(message),
    });
    this.#follower = new StreamFollower({
      bus,
      subscription: options,
      limits: this.#limits,
      pauses: this.#pauses,
      queue: this.#queue,
      leaving: () => this.#settler.sent,
      accept: (entries, origin) => this.#accept(entries, origin),
      lookAgain: () => this.#lookAgain(),
      onFailure: (message) => this.#storeFailed(message),
      onProblem: (problem) => options.onProblem(problem),
    });
    this.#follower.start();
  }

  stats(): SubscriptionStats {
    return { ...this.#counts, inFlight: countInHand(this.#queue) };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    this.#follower.stop();
    this.#pauses.end();
    await this.#handlersEnded();
    await this.#settler.settled();
    await this.#follower.stopped();
  }

  /** Waits for handlers that are at work, for a while. */
  async #handlersEnded(): Promise<void> {
    if (this.#atWork === 0) return;
    let takeBack = (): void => undefined;
    await new Promise<void>((done) => {
      this.#workEnded = done;
      takeBack = this.#bus.time.after(this.#limits.closeWaitMs, done);
    });
    takeBack();
  }

  /** Takes entries in hand. Rejects where the store cannot be asked about them; they are read again then. */
  async #accept(entries: readonly StreamEntry[], origin: EntryOrigin): Promise<void> {
    const { group, patterns, payloadProblem } = this.#options;
    const deliveries: HeldDelivery[] = [];
    const places = new Set<string>();
    for (const entry of entries) {
      const place = placeOf(entry);
      if (holdsPlace(this.#queue, place) || places.has(place)) continue;
      places.add(place);
      if (origin === 'claimed') this.#counts.claimed += 1;
      const incoming = readIncoming(entry, group, patterns, payloadProblem);
      if (incoming.type === 'passedOver') this.#passOver(entry);
      else if (incoming.type === 'malformed') {
        this.#bury(entry, deadLetterStreamOfEntry(entry.stream), incoming.problem, 0);
      } else deliveries.push(newDelivery(entry, place, incoming.envelope));
    }
    if (deliveries.length === 0) return;
    const [handled, held] = await this.#asked(deliveries);
    const isJudged = origin === 'claimed' || origin === 'left';
    const isDeadly = ({ entry }: HeldDelivery): boolean => isJudged && entry.deliveries > this.#limits.deliveriesMax;
    for (const [index, delivery] of deliveries.entries()) {
      if (handled[index] === true) this.#skip(delivery);
      else if (isDeadly(delivery)) this.#buryDeadly(delivery);
      else {
        if (held.has(delivery)) delivery.state = 'held';
        holdDelivery(this.#queue, delivery);
      }
    }
    this.#counts.inFlightPeak = Math.max(this.#counts.inFlightPeak, countInHand(this.#queue));
    this.#startDue();
  }

  /** Asks again about envelopes whose key another consumer held. */
  async #lookAgain(): Promise<void> {
    const asking = [...this.#queue.byPlace.values()].filter(({ state }) => state === 'held');
    const [handled, held] = await this.#asked(asking);
    for (const [index, delivery] of asking.entries()) {
      if (handled[index] === true) this.#end(delivery, { type: 'skipped' });
      else if (!held.has(delivery)) delivery.state = 'waiting';
    }
    this.#startDue();
  }

  #asked(deliveries: readonly HeldDelivery[]): Promise<[boolean[], ReadonlySet<HeldDelivery>]> {
    const { driver, time } = this.#bus;
    const { group, consumer } = this.#options;
    const ids = deliveries.map(({ envelope }) => envelope.id);
    const keyed = deliveries.filter(({ envelope }) => envelope.key !== undefined);
    return Promise.all([
      driver.handledSince(group, ids, time.now() - this.#limits.handledForMs),
      heldBack(
        driver,
        {
          group,
          consumer,
          includesOwn: !this.#follower.hasRecovered,
          isInHand: (entry) => isAmong(deliveries, entry) || holdsPlace(this.#queue, placeOf(entry)),
        },
        keyed,
      ),
    ]);
  }

  #startDue(): void {
    this.#isStarting = true;
    do {
      this.#hasMoreDue = false;
      for (const delivery of waitingDeliveries(this.#queue)) if (isDue(this.#queue, delivery)) this.#start(delivery);
    } while (this.#hasMoreDue && !this.#isClosing);
    this.#isStarting = false;
  }

  #start(delivery: HeldDelivery): void {
    if (this.#isClosing) return;
    if (this.#isRecent(delivery.envelope.id)) {
      // A double that waited for the first to be done ends without the handler.
      this.#end(delivery, { type: 'skipped' });
      return;
    }
    delivery.state = 'handling';
    delivery.attempts += 1;
    this.#atWork += 1;
    const { entry, envelope, attempts: attempt } = delivery;
    const { stream, id: entryId, deliveries } = entry;
    let work: void | Promise<void>;
    try {
      work = this.#options.handler(envelope, { stream, entryId, attempt, deliveries });
    } catch (error) {
      this.#answered(delivery, messageOf(error));
      return;
    }
    if (work === undefined) this.#answered(delivery, undefined);
    else void this.#awaited(delivery, work);
  }

  async #awaited(delivery: HeldDelivery, work: Promise<void>): Promise<void> {
    let problem: string | undefined;
    try {
      await work;
    } catch (error) {
      problem = messageOf(error);
    }
    this.#answered(delivery, problem);
  }

  #answered(delivery: HeldDelivery, problem: string | undefined): void {
    this.#atWork -= 1;
    if (problem !== undefined) this.#failed(delivery, problem);
    else {
      this.#counts.handled += 1;
      this.#remember(delivery.envelope.id);
      this.#end(delivery, { type: 'handled' });
    }
    if (this.#atWork === 0) this.#workEnded?.();
  }

  #failed(delivery: HeldDelivery, message: string): void {
    const { envelope, attempts } = delivery;
    if (attempts > this.#limits.retriesMax) {
      this.#end(delivery, { type: 'dead', message });
      return;
    }
    this.#counts.retries += 1;
    delivery.state = 'backingOff';
    this.#options.onProblem({ type: 'retry', message, envelope, attempt: attempts });
    const wait = retryDelay(handlerBackoff, attempts - 1, this.#bus.time.random());
    void this.#pauses.wait(wait).then(() => {
      delivery.state = 'waiting';
      this.#startDue();
    });
  }

  #end(
    delivery: HeldDelivery,
    how: { readonly type: 'handled' | 'skipped' } | { readonly type: 'dead'; readonly message: string },
  ): void {
    const { entry, envelope, attempts } = delivery;
    const next = endTurn(this.#queue, delivery);
    if (how.type === 'skipped') this.#counts.duplicates += 1;
    this.#settler.add({
      place: entry,
      processedId: how.type === 'handled' ? envelope.id : null,
      letter:
        how.type === 'dead' ? this.#letter(entry, deadLetterStreamOf(envelope.type), how.message, attempts) : null,
      onSettled: () => this.#release(delivery),
    });
    if (next?.state !== 'waiting') return;
    // Where handlers answer at once, those that are due are started in one loop, and not each from within the one before.
    if (this.#isStarting) this.#hasMoreDue = true;
    else this.#start(next);
  }

  #release(delivery: HeldDelivery): void {
    releaseDelivery(this.#queue, delivery);
    this.#follower.roomChanged();
  }

  #skip({ entry }: HeldDelivery): void {
    this.#counts.duplicates += 1;
    this.#endUnhandled(entry, null);
  }

  #passOver(entry: StreamEntry): void {
    this.#counts.passedOver += 1;
    this.#endUnhandled(entry, null);
  }

  #buryDeadly({ entry, envelope }: HeldDelivery): void {
    const { deliveriesMax } = this.#limits;
    const message = `delivered '${entry.deliveries}' times and never acknowledged, more than the '${deliveriesMax}' allowed`;
    this.#bury(entry, deadLetterStreamOf(envelope.type), message, entry.deliveries - 1);
  }

  #bury(entry: StreamEntry, stream: string, message: string, attempts: number): void {
    this.#endUnhandled(entry, this.#letter(entry, stream, message, attempts));
  }

  #endUnhandled(entry: StreamEntry, letter: Outcome['letter']): void {
    const place = placeOf(entry);
    holdEnding(this.#queue, place);
    const onSettled = (): void => {
      releaseEnding(this.#queue, place);
      this.#follower.roomChanged();
    };
    this.#settler.add({ place: entry, processedId: null, letter, onSettled });
  }

  #letter(entry: StreamEntry, stream: string, message: string, attempts: number): NonNullable<Outcome['letter']> {
    const { group, consumer, onProblem } = this.#options;
    this.#counts.deadLetters += 1;
    onProblem({ type: 'deadLetter', message, stream, entryId: entry.id });
    const letter: DeadLetter = {
      text: entry.text,
      error: message,
      attempts,
      handler: `${group}/${consumer}`,
      group,
      stream: entry.stream,
      entryId: entry.id,
      at: this.#bus.time.now(),
    };
    return { stream, letter };
  }

  #remember(envelopeId: string): void {
    this.#recent.add(envelopeId);
    if (this.#recent.size < recentMax) return;
    this.#lessRecent = this.#recent;
    this.#recent = new Set();
  }

  #isRecent(envelopeId: string): boolean {
    return this.#recent.has(envelopeId) || this.#lessRecent.has(envelopeId);
  }

  #storeFailed(message: string): void {
    this.#counts.storeFailures += 1;
    this.#options.onProblem({ type: 'store', message });
  }
}

function isAmong(deliveries: readonly HeldDelivery[], { stream, id }: StreamEntry): boolean {
  return deliveries.some(({ entry }) => entry.id === id && entry.stream === stream);
}

function newDelivery(entry: StreamEntry, place: string, envelope: HeldDelivery['envelope']): HeldDelivery {
  return {
    place,
    entry,
    envelope,
    orderKey: orderKeyOf(envelope),
    isFast: isFastLane(envelope.type),
    attempts: 0,
    state: 'waiting',
  };
}
