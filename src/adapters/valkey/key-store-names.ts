import { positionKeyPrefix } from '#domain/keys/key-batch.ts';
import { matchesKeyPattern } from '#domain/keys/key-pattern.ts';
import type { KeyPage } from '#domain/keys/key-value.ts';

/** Makes a page in order out of names that a server tells in no order, some of them twice, and holds little more than the page. */
export class KeyNames {
  readonly #pattern: string;
  readonly #limit: number;
  readonly #cursor: Buffer;
  #kept = new Map<string, Buffer>();

  constructor(pattern: string, limit: number, cursor = '') {
    this.#pattern = pattern;
    this.#limit = limit;
    this.#cursor = Buffer.from(cursor);
  }

  take(keys: readonly string[]): void {
    for (const key of keys) {
      if (key.startsWith(positionKeyPrefix) || !matchesKeyPattern(key, this.#pattern)) continue;
      const bytes = Buffer.from(key);
      if (bytes.compare(this.#cursor) > 0) this.#kept.set(key, bytes);
    }
    if (this.#kept.size > 2 * this.#limit + 1_000) this.#cut();
  }

  page(): KeyPage {
    this.#cut();
    const keys = [...this.#kept.keys()];
    if (keys.length <= this.#limit) return { keys, cursor: undefined };
    const page = keys.slice(0, this.#limit);
    return { keys: page, cursor: page.at(-1) };
  }

  /** One more than a page is kept: it tells that there is a next one. */
  #cut(): void {
    const inOrder = [...this.#kept].sort(([, left], [, right]) => left.compare(right));
    this.#kept = new Map(inOrder.slice(0, this.#limit + 1));
  }
}
