import { DatabaseSync } from 'node:sqlite';
import type { Envelope } from '#domain/bus/envelope.ts';

/** What a consumer did with an envelope. */
export interface Booking {
  readonly envelope: Envelope;
  readonly consumer: string;
}

/** What all consumers of a group did. */
export interface Effects {
  /** Sequences in the order in which they had their effect. */
  readonly sequences: readonly number[];
  /** The sum that every effect adds its sequence to. */
  readonly sum: number;
  /** How often an envelope was handed to a handler. */
  readonly told: number;
  readonly toldBy: Readonly<Record<string, number>>;
}

const busyMs = 10_000;

export function openEffects(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyMs });
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists told (id text, consumer text);
    create table if not exists effects (place integer primary key, id text unique, sequence integer);
    create table if not exists sums (name text primary key, sum integer);
    insert or ignore into sums values ('sequences', 0);
  `);
  return database;
}

/** Notes that the envelope came, and lets it have its effect where it is the first time: id and effect together or not at all. */
export function bookEffect(database: DatabaseSync, { envelope, consumer }: Booking): void {
  const sequence = Number(envelope.payload['sequence']);
  database.prepare('insert into told values (?, ?)').run(envelope.id, consumer);
  database.exec('begin immediate');
  try {
    const { changes } = database
      .prepare('insert or ignore into effects (id, sequence) values (?, ?)')
      .run(envelope.id, sequence);
    if (changes === 1) database.prepare("update sums set sum = sum + ? where name = 'sequences'").run(sequence);
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}

export function readEffects(path: string): Effects {
  const database = openEffects(path);
  try {
    const effects = database.prepare('select sequence from effects order by place').all();
    const sum = database.prepare('select sum from sums').get();
    const told = database.prepare('select consumer, count(*) as count from told group by consumer').all();
    const toldBy = Object.fromEntries(told.map((row) => [String(row['consumer']), Number(row['count'])]));
    return {
      sequences: effects.map((row) => Number(row['sequence'])),
      sum: Number(sum?.['sum']),
      told: Object.values(toldBy).reduce((total, count) => total + count, 0),
      toldBy,
    };
  } finally {
    database.close();
  }
}
