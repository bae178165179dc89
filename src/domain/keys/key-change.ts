/** One change of the key store, in the words of Valkey. Spans are milliseconds from the moment of writing; null never ends. */
export type KeyChange =
  | { readonly type: 'set'; readonly key: string; readonly value: string; readonly ttlMs: number | null }
  /** A text kept as gzip of level 9. */
  | { readonly type: 'setCompressed'; readonly key: string; readonly value: string; readonly ttlMs: number | null }
  | { readonly type: 'delete'; readonly key: string }
  | {
      readonly type: 'add';
      readonly key: string;
      readonly score: number;
      readonly member: string;
      /** True where a score holds one member at most: what had the score before is removed. */
      readonly replacesScore: boolean;
      /** Members kept, those of the highest scores; null keeps all. */
      readonly keep: number | null;
      readonly ttlMs: number | null;
    }
  /** Members of a sorted set up to and including a score are removed. */
  | { readonly type: 'dropBelow'; readonly key: string; readonly score: number }
  /** A value put first in a list. */
  | {
      readonly type: 'push';
      readonly key: string;
      readonly value: string;
      readonly keep: number;
      readonly ttlMs: number | null;
    }
  | {
      readonly type: 'hash';
      readonly key: string;
      readonly fields: Readonly<Record<string, string>>;
      readonly ttlMs: number | null;
    }
  /** A message to those who listen now; kept nowhere. */
  | { readonly type: 'publish'; readonly channel: string; readonly message: string };
