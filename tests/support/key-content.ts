import type { KeyStore, KeyValue } from '#domain/keys/key-value.ts';

const keysMax = 10_000;

/** Every key of a store with what it holds; what is left of lives is left out, since it is another one each time. */
export async function keyContent(keys: Pick<KeyStore, 'list' | 'get'>): Promise<Map<string, KeyValue | undefined>> {
  const page = await keys.list('*', keysMax);
  const content = new Map<string, KeyValue | undefined>();
  for (const key of page.keys) {
    const value = await keys.get(key);
    content.set(key, value === undefined ? undefined : { ...value, ttlMs: null });
  }
  return content;
}
