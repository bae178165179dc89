import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { KeyChange } from '#domain/keys/key-change.ts';

const compress = promisify(gzip);
/** As many as the process has threads for. */
const atOnceMax = 4;

/** The texts that are kept compressed, by their change, as gzip of level 9. */
export async function compressTexts(changes: readonly KeyChange[]): Promise<Map<KeyChange, Buffer>> {
  const asked = changes.filter((change) => change.type === 'setCompressed');
  const compressed = new Map<KeyChange, Buffer>();
  for (let first = 0; first < asked.length; first += atOnceMax) {
    const some = asked.slice(first, first + atOnceMax);
    await Promise.all(some.map(async (change) => compressed.set(change, await compress(change.value, { level: 9 }))));
  }
  return compressed;
}
