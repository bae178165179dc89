import { Redis } from 'ioredis';
import { Client } from 'pg';
import { JobEngineError } from './job-engine-error.ts';
import { type QueueAddress, withoutSecrets } from './queue-address.ts';

/**
 * Tries once whether a store answers and lets us in. The queue's own connections try again for ever and tell nobody why. Throws a
 * `JobEngineError` of code `unreachable`.
 */
export async function reachQueue({ store, url, shown }: QueueAddress, withinMs: number): Promise<void> {
  const refused = store === 'valkey' ? await refusalOfValkey(url, withinMs) : await refusalOfPostgres(url, withinMs);
  if (refused === undefined) return;
  throw new JobEngineError('unreachable', `no queue answers at '${shown}': ${withoutSecrets(refused, url)}`);
}

async function refusalOfValkey(url: string, withinMs: number): Promise<string | undefined> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: withinMs,
    commandTimeout: withinMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    disableClientInfo: true,
    protocol: 2,
  });
  let problem: string | undefined;
  client.on('error', (error: Error) => {
    problem ??= error.message;
  });
  try {
    await client.connect();
    await client.ping();
    return undefined;
  } catch (error) {
    return problem ?? messageOf(error);
  } finally {
    client.disconnect();
  }
}

async function refusalOfPostgres(url: string, withinMs: number): Promise<string | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: withinMs, query_timeout: withinMs });
  let problem: string | undefined;
  client.on('error', (error: Error) => {
    problem ??= error.message;
  });
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return problem ?? messageOf(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A name with several addresses fails with several errors and a message of none. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
