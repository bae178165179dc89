type Primitive = string | number | boolean | bigint | null | undefined;

/** A type with nothing to assign to, all the way down. Typed arrays keep their type: the language knows no read-only one. */
export type DeepReadonly<T> = unknown extends T
  ? T
  : T extends Primitive
    ? T
    : T extends Map<infer K, infer V>
      ? ReadonlyMap<K, DeepReadonly<V>>
      : T extends Set<infer K>
        ? ReadonlySet<K>
        : T extends ArrayBufferView
          ? T
          : { readonly [K in keyof T]: DeepReadonly<T[K]> };
