import { assert } from '#base/assert.ts';
import { planKeyChanges, positionKeyPrefix } from '#domain/keys/key-batch.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { keyElementsMax, keyPageMax } from '#domain/keys/key-limits.ts';
import { literalPrefix } from '#domain/keys/key-pattern.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import type {
  KeyPage,
  KeyStore,
  KeyStoreInfo,
  KeyValue,
  KillSwitchReading,
  ScoredMember,
  ScoreRange,
} from '#domain/keys/key-value.ts';
import { killSwitchKey, killSwitchReading } from '#domain/keys/kill-switch-reading.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { StaleWriterError } from '#domain/stale-writer-error.ts';
import { encodeBatch, indexKey, positionKey, scoreText } from './key-store-batch.ts';
import { type ConnectionOptions, LastingConnection } from './key-store-connection.ts';
import { KeyNames } from './key-store-names.ts';
import { parseApplied, parseInfo, parseMembers, parsePosition, parseValue, refusalOf } from './key-store-replies.ts';
import { applyScript, readScript, runScript, type ServerScript, wipeScript } from './key-store-scripts.ts';

/** Keys removed in one step of a wipe: the server answers others between the steps. */
const wipeStepMax = 5_000;
/** Ten million keys. */
const wipeStepsMax = 2_000;
const keysAScan = 1_000;
/** Ten million keys. */
const scansMax = 10_000;

/**
 * Opens the key store of a Valkey server. It comes back whether the server answers or not, and mends its connection for as long as it is
 * open; while the server is away every method rejects with a `KeyStoreError` of code `unreachable`, at once. Throws a `StoreError` of
 * code `address` where the address is none.
 *
 * After a failover or a restart the server may have lost the last transactions, each of them whole: the position tells, and the projection
 * goes on from there. A cluster that spreads keys over several servers has no such transactions and is not served.
 */
export async function openValkeyKeyStore(url: string, options: ConnectionOptions): Promise<KeyStore> {
  return new ValkeyKeyStore(await LastingConnection.open(url, options), options);
}

class ValkeyKeyStore implements KeyStore {
  readonly #connection: LastingConnection;
  readonly #options: ConnectionOptions;

  constructor(connection: LastingConnection, options: ConnectionOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  async position(name: string): Promise<ProjectionPosition | undefined> {
    const key = positionKey(name);
    const fields = await this.#connection.run('read', `reading '${key}'`, (client) => client.hgetall(key));
    return parsePosition(key, fields);
  }

  async apply(
    name: string,
    changes: readonly KeyChange[],
    from: ProjectionPosition | undefined,
    to: ProjectionPosition,
  ): Promise<void> {
    const call = await encodeBatch(planKeyChanges(changes), { name, from, to });
    const write = async () => parseApplied(await this.#run('write', applyScript, `writing for '${name}'`, call));
    let applied = await write();
    if (applied.type === 'leftover') {
      // A wipe that was cut short has left keys, which belong to no position.
      await this.#wipeKeys(name);
      applied = await write();
    }
    switch (applied.type) {
      case 'done':
        return;
      case 'stale':
        throw new StaleWriterError(name, from, applied.found);
      case 'wrongType':
        throw new KeyStoreError('wrongType', applied.message);
      case 'broken':
        throw new KeyStoreError(
          'failed',
          `writing for '${name}' broke off, and what it wrote is void: ${applied.reason}`,
        );
      case 'leftover':
        throw new KeyStoreError('failed', `another writer keeps writing for '${name}'`);
    }
  }

  async wipe(name: string): Promise<void> {
    await this.#wipeKeys(name);
  }

  async get(key: string): Promise<KeyValue | undefined> {
    if (key.startsWith(positionKeyPrefix)) return undefined;
    const call = { keys: [key], parameters: [String(keyElementsMax)] };
    return parseValue(key, await this.#run('read', readScript, `reading '${key}'`, call));
  }

  async list(pattern: string, limit: number, cursor?: string): Promise<KeyPage> {
    assert(limit >= 1 && limit <= keyPageMax, `a page has 1 to ${keyPageMax} keys, found '${limit}'`);
    const names = new KeyNames(pattern, limit, cursor);
    // The server matches the prefix only, whose cost is known; what stands behind it is matched here.
    const match = `${literalPrefix(pattern).replaceAll(/[[\]\\]/g, String.raw`\$&`)}*`;
    let at = '0';
    for (let scans = 0; scans < scansMax; scans += 1) {
      const [next, found] = await this.#connection.run('read', 'listing keys', (client) =>
        client.scan(at, 'MATCH', match, 'COUNT', keysAScan),
      );
      names.take(found);
      if (next === '0') return names.page();
      at = next;
    }
    throw new KeyStoreError(
      'tooMany',
      `the store has more than the ${scansMax * keysAScan} keys that are looked through`,
    );
  }

  async range(key: string, { from, to, limit, newestFirst = false }: ScoreRange): Promise<readonly ScoredMember[]> {
    assert(limit >= 1 && limit <= keyElementsMax, `a range has 1 to ${keyElementsMax} members, found '${limit}'`);
    const [low, high] = [scoreText(from), scoreText(to)];
    const members = await this.#connection.run('read', `reading '${key}'`, async (client) => {
      try {
        return newestFirst
          ? await client.zrevrangebyscore(key, high, low, 'WITHSCORES', 'LIMIT', 0, limit)
          : await client.zrangebyscore(key, low, high, 'WITHSCORES', 'LIMIT', 0, limit);
      } catch (error) {
        if (!isWrongType(error)) throw error;
        throw new KeyStoreError('wrongType', `expected 'sortedSet' at '${key}', found another type`);
      }
    });
    return parseMembers(members);
  }

  async info(): Promise<KeyStoreInfo> {
    const { time } = this.#options;
    try {
      const startedAt = time.monotonic();
      await this.#connection.run('read', 'asking the store', (client) => client.ping());
      const latencyMs = time.monotonic() - startedAt;
      const [text, keys] = await this.#connection.run('read', 'asking the store', (client) =>
        Promise.all([client.info(), client.dbsize()]),
      );
      return { isReachable: true, latencyMs, ...parseInfo(text), keys };
    } catch (error) {
      return { isReachable: false, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  readKillSwitch(): Promise<KillSwitchReading> {
    return this.#connection.run('read', `reading '${killSwitchKey}'`, async (client) => {
      try {
        return killSwitchReading((await client.get(killSwitchKey)) ?? undefined);
      } catch (error) {
        if (isWrongType(error)) return 'engaged';
        throw error;
      }
    });
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** In steps; the first one takes the position away, so that what a cut short wipe leaves is known to belong to none. */
  async #wipeKeys(name: string): Promise<void> {
    const keys = [positionKey(name), indexKey(name)];
    for (let step = 1; step <= wipeStepsMax; step += 1) {
      const call = { keys, parameters: [step === 1 ? '1' : '', String(wipeStepMax)] };
      const left = await this.#run('write', wipeScript, `removing what '${name}' wrote`, call);
      if (left === 0) return;
      if (left === -1) throw new StaleWriterError(name, undefined, await this.position(name));
    }
    throw new KeyStoreError(
      'tooMany',
      `'${name}' has more than the ${wipeStepsMax * wipeStepMax} keys removed at once`,
    );
  }

  #run(
    kind: 'read' | 'write',
    script: ServerScript,
    what: string,
    call: { readonly keys: readonly string[]; readonly parameters: readonly (string | Buffer)[] },
  ): Promise<unknown> {
    return this.#connection.run(kind, what, (client) => runScript(client, script, call.keys, call.parameters));
  }
}

function isWrongType(error: unknown): boolean {
  return refusalOf(error)?.startsWith('WRONGTYPE') ?? false;
}
