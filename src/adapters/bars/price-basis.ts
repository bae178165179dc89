import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { PriceBasis } from '#domain/bar.ts';
import { readDataFile } from './data-file.ts';
import { ImportError } from './import-error.ts';

export interface StatedBasis {
  readonly basis: PriceBasis;
  /** How the side is known, where it is not the default. */
  readonly notice?: string;
}

const basisSchema = z.enum(['bid', 'mid']);
const basisFileSchema = z.record(z.string(), basisSchema);
const dataManifestSchema = z.looseObject({
  files: z.array(z.looseObject({ file: z.string(), priceBasis: basisSchema.optional(), notes: z.string().optional() })),
});

const documentBytesMax = 16 * 1024 * 1024;

/**
 * The side of the book a CSV file was recorded on. In this order: `basis.json` (symbol → `bid` or `mid`) in the file's folder or the
 * one above; the file's entry in a `manifest.json` there, by its `priceBasis` or by its `notes` when they name just one of the words
 * bid and mid; else bid, as OANDA's and most brokers' candles are. A `basis.json` that is not understood is an `ImportError`.
 */
export function statedBasis(path: string, symbol: string): StatedBasis {
  const folders = [dirname(resolve(path)), dirname(dirname(resolve(path)))];
  for (const folder of folders) {
    const basis = basisFile(folder)?.[symbol];
    if (basis !== undefined) return { basis };
  }
  for (const folder of folders) {
    const stated = manifestBasis(folder, path);
    if (stated !== undefined) return stated;
  }
  return { basis: 'bid' };
}

function basisFile(folder: string): Readonly<Record<string, PriceBasis>> | undefined {
  const path = join(folder, 'basis.json');
  const document = readDocument(path);
  if (document === undefined) return undefined;
  const parsed = basisFileSchema.safeParse(document.value);
  if (parsed.success) return parsed.data;
  throw new ImportError(
    'syntax',
    `'${path}' must map symbols to 'bid' or 'mid': ${z.prettifyError(parsed.error).slice(0, 300)}`,
  );
}

function manifestBasis(folder: string, path: string): StatedBasis | undefined {
  const document = readDocument(join(folder, 'manifest.json'));
  // Other programs also call their files so; a document of another shape says nothing about prices.
  const parsed = dataManifestSchema.safeParse(document?.value);
  const entry = parsed.success
    ? parsed.data.files.find(({ file }) => resolve(folder, file) === resolve(path))
    : undefined;
  if (entry === undefined) return undefined;
  if (entry.priceBasis !== undefined) return { basis: entry.priceBasis };
  const words = new Set(entry.notes?.toLowerCase().match(/\b(bid|mid)\b/g));
  if (words.size !== 1) return undefined;
  if (words.has('bid')) return { basis: 'bid' };
  return {
    basis: 'mid',
    notice: `'${basename(path)}': prices are taken as mid, as the notes of the data's manifest say`,
  };
}

function readDocument(path: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder().decode(readDataFile(path, documentBytesMax))) };
  } catch (error) {
    if (error instanceof ImportError && error.code === 'notFound') return undefined;
    if (error instanceof SyntaxError)
      throw new ImportError('syntax', `'${path}' is not JSON: ${error.message.slice(0, 160)}`);
    throw error;
  }
}
