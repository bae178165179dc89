import type { Envelope } from '#domain/bus/envelope.ts';
import type { TimePort } from '#engine/ports.ts';
import type { StreamDriver } from './stream-driver.ts';

/** Where the bus runs and by whose clock. */
export interface Bus {
  readonly driver: StreamDriver;
  readonly time: TimePort;
}

/** What is wrong with an envelope's payload by some catalogue of types; undefined where it is as expected. */
export type PayloadCheck = (envelope: Envelope) => string | undefined;

/** What a handler may want to know about a delivery beside the envelope itself. */
export interface Delivery {
  readonly stream: string;
  readonly entryId: string;
  /** 1 for the first time this consumer tries. */
  readonly attempt: number;
  /** How often the store has handed it out, to whomever. */
  readonly deliveries: number;
}

/** Acts on an envelope. It has succeeded when it returns or resolves; what it throws is tried again. An envelope may come twice. */
export type Handler = (envelope: Envelope, delivery: Delivery) => void | Promise<void>;

/** What went wrong, for a log or a meter; nothing that goes wrong is kept silent. */
export type BusProblem =
  /** The handler threw; it is asked again after a wait. */
  | { readonly type: 'retry'; readonly message: string; readonly envelope: Envelope; readonly attempt: number }
  /** Given up, and kept among the dead letters. */
  | { readonly type: 'deadLetter'; readonly message: string; readonly stream: string; readonly entryId: string }
  /** The store failed; it is asked again after a wait. */
  | { readonly type: 'store'; readonly message: string }
  /** The group was subscribed with other patterns before: consumers of one group must not differ, or some of its envelopes find no reader. */
  | { readonly type: 'patterns'; readonly message: string };

export interface SubscriptionLimits {
  /** Deliveries in hand at once. */
  readonly inFlightMax: number;
  /** How many of them only the fast lane may take. */
  readonly fastReserve: number;
  /** How often a handler is asked again. */
  readonly retriesMax: number;
  /** How often the store may hand an envelope out before it counts as deadly for consumers. */
  readonly deliveriesMax: number;
  /** After how long without a sign a delivery is taken from another consumer. */
  readonly minIdleMs: number;
  /** How often idle deliveries are looked for. */
  readonly claimEveryMs: number;
  /** Longest wait of one read. */
  readonly blockMs: number;
  /** How often new domains are looked for, where the patterns ask for all. */
  readonly refreshMs: number;
  /** For how long a group remembers what it has handled. */
  readonly handledForMs: number;
  /** How long closing waits for handlers that are at work. */
  readonly closeWaitMs: number;
}

export interface SubscriptionOptions {
  /** Each envelope is handled by one consumer of the group. */
  readonly group: string;
  /** Unique in its group among those alive; a consumer that comes back under its name goes on with what it held. */
  readonly consumer: string;
  /** Types and patterns, the same for all consumers of the group. */
  readonly patterns: readonly string[];
  readonly handler: Handler;
  /** The catalogue that payloads are held to; without one every payload is taken. What fails it is a dead letter. */
  readonly payloadProblem?: PayloadCheck;
  onProblem(problem: BusProblem): void;
  readonly limits?: Partial<SubscriptionLimits>;
}

export interface SubscriptionStats {
  readonly handled: number;
  /** Told before, and not handled again. */
  readonly duplicates: number;
  /** Of no pattern, or meant for another group. */
  readonly passedOver: number;
  readonly retries: number;
  readonly deadLetters: number;
  /** Taken over from consumers that went silent. */
  readonly claimed: number;
  readonly storeFailures: number;
  /** In hand now. */
  readonly inFlight: number;
  /** The most that was ever in hand. */
  readonly inFlightPeak: number;
}

export interface Subscription {
  /** Takes no more, waits for handlers at work, tells the store what is done. What was not begun stays for others. */
  close(): Promise<void>;
  stats(): SubscriptionStats;
}

export const defaultLimits: SubscriptionLimits = {
  inFlightMax: 64,
  fastReserve: 8,
  retriesMax: 3,
  deliveriesMax: 16,
  minIdleMs: 60_000,
  claimEveryMs: 30_000,
  blockMs: 5_000,
  refreshMs: 1_000,
  handledForMs: 86_400_000,
  closeWaitMs: 5_000,
};
