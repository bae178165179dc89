import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '#domain/events.ts';
import { RemoteEngineError, remoteEngine } from '#runtime/tail/remote-engine.ts';
import { waitUntil } from './kill-wait.ts';

const readMax = 5_000;
const waitMs = 200;
const askAgainMs = 20;

/**
 * Somebody who follows the engine through all its lives and writes down what it was shown. What was shown was durable: it must be what
 * the journal holds in the end, under the same number.
 */
export interface TailFollower {
  /** Entries that were shown. */
  readonly seen: number;
  /** How often the engine did not answer. */
  readonly outages: number;
  /** The digest of the entry of a sequence; undefined for one that was not shown. */
  digestOf(sequence: number): string | undefined;
  /** Waits until so many entries were shown. */
  reach(sequence: number): Promise<void>;
  /** Ends; fails where the engine ever went back behind what it had shown. */
  stop(): Promise<void>;
}

export function followEngine(address: string): TailFollower {
  const engine = remoteEngine({ address, token: undefined });
  const digests: string[] = [];
  let outages = 0;
  let isStopping = false;
  let isAway = true;
  const read = async (): Promise<void> => {
    const { lastSequence } = isAway ? await engine.head() : { lastSequence: digests.length };
    assert.ok(
      lastSequence >= digests.length,
      `the engine came back with ${lastSequence} entries, ${digests.length} were shown before`,
    );
    isAway = false;
    const { entries } = await engine.read(digests.length + 1, { max: readMax, waitMs });
    for (const { sequence, event } of entries) {
      assert.equal(sequence, digests.length + 1, 'the tail has neither gaps nor doubles');
      digests.push(eventDigest(event));
    }
  };
  const follow = async (): Promise<void> => {
    while (!isStopping) {
      try {
        await read();
      } catch (error) {
        if (!(error instanceof RemoteEngineError) || error.code !== 'unreachable') throw error;
        if (!isAway) outages += 1;
        isAway = true;
        await delay(askAgainMs);
      }
    }
  };
  const following = follow();
  // Whoever stops it hears what went wrong; until then nobody does.
  following.catch(() => undefined);
  return {
    get seen() {
      return digests.length;
    },
    get outages() {
      return outages;
    },
    digestOf: (sequence) => digests[sequence - 1],
    reach: (sequence) => waitUntil(() => digests.length >= sequence, `entry ${sequence} to be shown`),
    stop: async () => {
      isStopping = true;
      await following;
    },
  };
}

/** What an event comes to, short enough to be kept for every one of them. */
export function eventDigest(event: Event): string {
  return createHash('sha256').update(JSON.stringify(event)).digest('base64').slice(0, 16);
}
