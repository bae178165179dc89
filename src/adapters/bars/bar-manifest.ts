import { join } from 'node:path';
import { z } from 'zod';
import { type Interval, intervals } from '#domain/interval.ts';
import { readDataFile } from './data-file.ts';
import { ImportError } from './import-error.ts';

const count = z.int().min(0);

const importSourceSchema = z.strictObject({
  file: z.string(),
  rowsRead: count,
  rowsKept: count,
  skipped: z.record(z.string(), count),
  unordered: count,
  crossedSpreads: count,
  roundedPrices: count,
});

/** The most imports a manifest remembers; the oldest give way. */
export const sourcesMax = 100;

/** What is known of a stored series. `columnFile` names the file of this revision, so that the manifest alone decides what is current. */
export const barManifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  instrumentId: z.string().min(1),
  symbol: z.string().regex(/^[A-Z0-9][A-Z0-9_-]{0,39}$/),
  interval: z.enum(intervals),
  revision: z.int().min(1),
  rows: z.int().min(1),
  firstOpenAt: z.int(),
  lastOpenAt: z.int(),
  priceDecimals: z.int().min(0).max(10),
  priceBasis: z.enum(['bid', 'mid']),
  hasVolume: z.boolean(),
  columnFile: z.string().regex(/^columns-\d{1,9}\.f64$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sources: z.array(importSourceSchema).max(sourcesMax),
});

export type BarManifest = Readonly<z.infer<typeof barManifestSchema>>;
export type ImportSource = Readonly<z.infer<typeof importSourceSchema>>;

const manifestBytesMax = 4 * 1024 * 1024;

/** The folder of a series under a store; refuses a symbol that cannot name one. */
export function seriesFolder(root: string, symbol: string, interval: Interval): string {
  if (!barManifestSchema.shape.symbol.safeParse(symbol).success) {
    throw new ImportError(
      'name',
      `a symbol is up to 40 capital letters, digits, '_' and '-', found '${symbol.slice(0, 60)}'`,
    );
  }
  return join(root, `${symbol}_${interval}`);
}

/** The manifest of a series folder; undefined where there is none. A damaged one is an `ImportError`. */
export function readBarManifest(folder: string): BarManifest | undefined {
  const path = join(folder, 'manifest.json');
  try {
    return parseBarManifest(new TextDecoder().decode(readDataFile(path, manifestBytesMax)), path);
  } catch (error) {
    if (error instanceof ImportError && error.code === 'notFound') return undefined;
    throw error;
  }
}

/** Checks the text of a manifest; `source` names it in the refusal. */
export function parseBarManifest(text: string, source: string): BarManifest {
  const parsed = barManifestSchema.safeParse(jsonOf(text, source));
  if (parsed.success) return parsed.data;
  throw new ImportError(
    'manifest',
    `'${source}' is no manifest of a series: ${z.prettifyError(parsed.error).slice(0, 500)}`,
  );
}

function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ImportError(
      'manifest',
      `'${source}' is not JSON: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  }
}
