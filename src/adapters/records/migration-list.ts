import type { Migration } from './migration.ts';
import { journalTables } from './migrations/0001-journal-tables.ts';
import { workTables } from './migrations/0002-work-tables.ts';
import { dateIndexes } from './migrations/0003-date-indexes.ts';

/** Every migration, in order. A new one is a file of its own and a line here. */
export const migrationList: readonly Migration[] = [journalTables, workTables, dateIndexes];
