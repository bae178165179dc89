import { Redis } from 'ioredis';
import type { Lease, LeaseRefusal } from '#domain/lease.ts';
import { leaseFailure } from './lease-error.ts';

/** Held by the asker or by nobody: granted under the next token. Else tells the holder and what is left of its time. */
const acquireScript = `
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).holder ~= ARGV[1] then
  return {0, cjson.decode(held).holder, redis.call('PTTL', KEYS[1])}
end
local token = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], cjson.encode({holder = ARGV[1], token = token}), 'PX', ARGV[2])
return {token, ARGV[1], tonumber(ARGV[2])}`;

const renewScript = `
local held = redis.call('GET', KEYS[1])
if not held or cjson.decode(held).token ~= tonumber(ARGV[1]) then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

const releaseScript = `
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).token == tonumber(ARGV[1]) then return redis.call('DEL', KEYS[1]) end
return 0`;

const commandMs = 2_000;

/** Leases kept in Valkey: `quantum:lease:{account}` while one runs, and the last token beside it. */
export class ValkeyLeases {
  readonly #client: Redis;

  constructor(url: string) {
    this.#client = new Redis(url.replace(/^valkey/, 'redis'), {
      commandTimeout: commandMs,
      maxRetriesPerRequest: 1,
      enableOfflineQueue: true,
      connectTimeout: commandMs,
    });
    // Each request reports its own failure; between requests there is nobody to tell.
    this.#client.on('error', () => undefined);
  }

  /** Throws a `LeaseStoreError` where the store does not answer. */
  async acquire(account: string, holder: string, ttlMs: number): Promise<Lease | LeaseRefusal> {
    const keys = [leaseKey(account), `${leaseKey(account)}:token`];
    const [token, name, remainingMs] = (await this.#client
      .eval(acquireScript, 2, ...keys, holder, ttlMs)
      .catch((error: unknown) => Promise.reject(leaseFailure(`asking for the lease on '${account}'`, error)))) as [
      number,
      string,
      number,
    ];
    return token === 0 ? { holder: name, remainingMs: Math.max(0, remainingMs) } : { account, holder, token };
  }

  /** Goes on for another span; false where somebody else has it or its time was over. */
  async renew({ account, token }: Lease, ttlMs: number): Promise<boolean> {
    const renewed = await this.#client
      .eval(renewScript, 1, leaseKey(account), token, ttlMs)
      .catch((error: unknown) => Promise.reject(leaseFailure(`renewing the lease on '${account}'`, error)));
    return renewed === 1;
  }

  async release({ account, token }: Lease): Promise<void> {
    await this.#client
      .eval(releaseScript, 1, leaseKey(account), token)
      .catch((error: unknown) => Promise.reject(leaseFailure(`giving back the lease on '${account}'`, error)));
  }

  /** The store's own clock, ms UTC. */
  async serverAt(): Promise<number> {
    const [seconds, micros] = await this.#client
      .time()
      .catch((error: unknown) => Promise.reject(leaseFailure('asking for the time', error)));
    return Number(seconds) * 1_000 + Number(micros) / 1_000;
  }

  async close(): Promise<void> {
    this.#client.disconnect();
  }
}

function leaseKey(account: string): string {
  return `quantum:lease:${account}`;
}
