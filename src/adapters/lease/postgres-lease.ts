import pg from 'pg';
import type { Lease, LeaseRefusal } from '#domain/lease.ts';
import { leaseFailure } from './lease-error.ts';

const createTable = `
create table if not exists leases (
  account text primary key,
  holder text not null,
  token bigint not null,
  expires_at timestamptz not null
)`;

/** Held by the asker, by nobody, or for longer than it was granted: granted under the next token. */
const acquireText = `
insert into leases as held (account, holder, token, expires_at)
values ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
on conflict (account) do update
set holder = excluded.holder, token = held.token + 1, expires_at = excluded.expires_at
where held.holder = excluded.holder or held.expires_at <= clock_timestamp()
returning token`;

const holderText = `
select holder, greatest(0, extract(epoch from expires_at - clock_timestamp()) * 1000) as remaining_ms
from leases where account = $1`;

const renewText = `
update leases set expires_at = clock_timestamp() + $3 * interval '1 millisecond'
where account = $1 and token = $2 and expires_at > clock_timestamp()`;

/** The token stays, so that the next one is greater. */
const releaseText = `update leases set expires_at = clock_timestamp() where account = $1 and token = $2`;

const commandMs = 2_000;

/** Leases kept in PostgreSQL, in the table `leases`, by the database's own clock. */
export class PostgresLeases {
  readonly #pool: pg.Pool;
  #isReady = false;

  constructor(url: string) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 1,
      connectionTimeoutMillis: commandMs,
      query_timeout: commandMs,
      allowExitOnIdle: true,
    });
    // A connection that ends while idle is opened anew by the next request, which reports its own failure.
    this.#pool.on('error', () => undefined);
  }

  /** Throws a `LeaseStoreError` where the database does not answer. */
  async acquire(account: string, holder: string, ttlMs: number): Promise<Lease | LeaseRefusal> {
    const what = `asking for the lease on '${account}'`;
    if (!this.#isReady) await this.#query(what, createTable, []);
    this.#isReady = true;
    const granted = await this.#query(what, acquireText, [account, holder, ttlMs]);
    const token: unknown = granted.rows[0]?.['token'];
    if (token !== undefined) return { account, holder, token: Number(token) };
    const [row] = (await this.#query(what, holderText, [account])).rows;
    return { holder: String(row?.['holder']), remainingMs: Math.ceil(Number(row?.['remaining_ms'])) };
  }

  /** Goes on for another span; false where somebody else has it or its time was over. */
  async renew({ account, token }: Lease, ttlMs: number): Promise<boolean> {
    const { rowCount } = await this.#query(`renewing the lease on '${account}'`, renewText, [account, token, ttlMs]);
    return rowCount === 1;
  }

  async release({ account, token }: Lease): Promise<void> {
    await this.#query(`giving back the lease on '${account}'`, releaseText, [account, token]);
  }

  /** The database's own clock, ms UTC. */
  async serverAt(): Promise<number> {
    const text = 'select extract(epoch from clock_timestamp()) * 1000 as at';
    return Number((await this.#query('asking for the time', text, [])).rows[0]?.['at']);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  #query(what: string, text: string, values: readonly unknown[]): Promise<pg.QueryResult<Record<string, unknown>>> {
    return this.#pool
      .query<Record<string, unknown>>(text, [...values])
      .catch((error: unknown) => Promise.reject(leaseFailure(what, error)));
  }
}
