/**
 * The bounds of the value codec. Strings longer than `stringLength` and strings after the first `strings` of a stream are written in
 * full each time; so are the keys of objects with more than `shapeKeys` keys and of shapes after the first `shapes`.
 */
export const valueCodecLimits = {
  stringLength: 64,
  strings: 65_536,
  shapeKeys: 64,
  shapes: 4_096,
  depth: 64,
  bytes: 1_073_741_824,
} as const;

/** The first byte of every encoded value. Tags from 0x40 on carry their value: a small integer, or one of the first strings or shapes. */
export const valueTags = {
  null: 0,
  false: 1,
  true: 2,
  float: 3,
  integer: 4,
  array: 5,
  shapeKnown: 6,
  shapeDefined: 7,
  shapeInline: 8,
  stringKnown: 9,
  stringDefined: 10,
  stringInline: 12,
  /** Added to the two tags above for a string with two bytes for each code unit, so that lone surrogates survive. */
  wide: 1,
  smallInteger: 0x40,
  smallString: 0x80,
  smallShape: 0xc0,
} as const;

/** How many integers, strings and shapes have a tag of their own. */
export const smallCount = 64;

/** The least integer with a tag of its own. */
export const smallIntegerMin = -16;
