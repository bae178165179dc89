import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** Prepared statements kept at most; the oldest goes first. */
export const statementsMax = 200;

/**
 * SQLite as Node brings it, for the query builder: one connection, write-ahead log, flushed at checkpoints. A crash of the machine may
 * lose the last transactions, never a part of one.
 */
export function nodeSqliteDialect(path: string): Dialect {
  return {
    createDriver: () => createDriver(path),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (database: Kysely<unknown>) => new SqliteIntrospector(database),
  };
}

function createDriver(path: string): Driver {
  let connection: SqliteConnection | undefined;
  const opened = (): SqliteConnection => {
    connection ??= new SqliteConnection(path);
    return connection;
  };
  return {
    init: async () => void opened(),
    acquireConnection: async () => opened(),
    releaseConnection: async () => undefined,
    // A transaction that only finds out later that it writes may not be able to go on.
    beginTransaction: async () => opened().run('begin immediate'),
    commitTransaction: async () => opened().run('commit'),
    rollbackTransaction: async () => opened().rollback(),
    destroy: async () => {
      connection?.close();
      connection = undefined;
    },
  };
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    // To wait for somebody else would hold the thread, and whoever is waited for may run on it: the caller waits and tries again.
    this.#database = new DatabaseSync(path, { timeout: 0 });
    try {
      this.#database.exec('pragma journal_mode = wal; pragma synchronous = normal');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const statement = this.#prepared(sql);
    const values = parameters as SQLInputValue[];
    if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  // biome-ignore lint/correctness/useYield: a driver has to offer streams, and nothing here reads one.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('rows of a file are read in pages');
  }

  run(sql: string): void {
    this.#prepared(sql).run();
  }

  /** Some failures end the transaction by themselves. */
  rollback(): void {
    if (this.#database.isTransaction) this.run('rollback');
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    const oldest = this.#statements.size > statementsMax ? this.#statements.keys().next().value : undefined;
    if (oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }
}
