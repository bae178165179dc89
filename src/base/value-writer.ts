import { AssertionError, assert } from '#base/assert.ts';
import { smallCount, smallIntegerMin, valueCodecLimits, valueTags } from '#base/value-tags.ts';

/** One step in the tree of key lists; the way from the root to a node is the ordered key list of the node's shape. */
type ShapeNode = {
  shapeId: number;
  lastKey: string;
  lastChild: ShapeNode | undefined;
  children: Map<string, ShapeNode>;
};

/** The writing side of one stream: bytes not yet taken, and the dictionary of the strings and object shapes written so far. */
export type ValueEncoder = {
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
  stringIds: Map<string, number>;
  shapeRoot: ShapeNode;
  shapes: ShapeNode[];
};

const INT32_MAX = 0x7fff_ffff;
const TOO_DEEP = `values nest at most ${valueCodecLimits.depth} deep`;
const floatBytes = new Uint8Array(8);
const floatView = new DataView(floatBytes.buffer);

/** Makes a node of the tree of key lists with no shape and no branches. */
export function shapeNode(): ShapeNode {
  return { shapeId: -1, lastKey: '', lastChild: undefined, children: new Map() };
}

function reserve(encoder: ValueEncoder, extra: number): void {
  const needed = encoder.length + extra;
  if (needed <= encoder.bytes.length) return;
  assert(
    needed <= valueCodecLimits.bytes,
    `encoded values stay under ${valueCodecLimits.bytes} bytes between two takes`,
  );
  const grown = new Uint8Array(Math.min(Math.max(needed, encoder.bytes.length * 2), valueCodecLimits.bytes));
  grown.set(encoder.bytes.subarray(0, encoder.length));
  encoder.bytes = grown;
}

/** Appends one value; on an `AssertionError` part of it is written already. */
export function writeValue(encoder: ValueEncoder, value: unknown, depth: number): void {
  if (typeof value === 'number') writeNumber(encoder, value);
  else if (typeof value === 'string') writeString(encoder, value);
  else if (value === null) writeTag(encoder, valueTags.null);
  else if (typeof value === 'boolean') writeTag(encoder, value ? valueTags.true : valueTags.false);
  else if (Array.isArray(value)) writeArray(encoder, value, depth);
  else {
    if (!isPlainObject(value)) throw new AssertionError(`a value is plain data, but found ${describe(value)}`);
    writeObject(encoder, value, depth);
  }
}

function describe(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function writeTag(encoder: ValueEncoder, tag: number): void {
  reserve(encoder, 1);
  encoder.bytes[encoder.length++] = tag;
}

function writeNumber(encoder: ValueEncoder, value: number): void {
  reserve(encoder, 16);
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) writeFloat(encoder, value);
  else if (value >= smallIntegerMin && value < smallIntegerMin + smallCount) {
    encoder.bytes[encoder.length++] = valueTags.smallInteger + value - smallIntegerMin;
  } else {
    const { bytes } = encoder;
    const sign = value < 0 ? 1 : 0;
    // Doubling a large safe integer would lose its last bit, so the sign joins the lowest six bits instead.
    const magnitude = value < 0 ? -1 - value : value;
    const rest = magnitude <= INT32_MAX ? magnitude >> 6 : Math.floor(magnitude / 64);
    bytes[encoder.length++] = valueTags.integer;
    bytes[encoder.length++] = ((magnitude & 63) << 1) | sign | (rest > 0 ? 0x80 : 0);
    if (rest > 0) writeVarint(encoder, rest);
  }
}

function writeFloat(encoder: ValueEncoder, value: number): void {
  // One bit pattern for every not-a-number, so that equal values have equal bytes on every machine.
  if (Number.isNaN(value)) floatView.setBigUint64(0, 0x7ff8_0000_0000_0000n, true);
  else floatView.setFloat64(0, value, true);
  encoder.bytes[encoder.length++] = valueTags.float;
  encoder.bytes.set(floatBytes, encoder.length);
  encoder.length += 8;
}

/** Writes a non-negative integer below 2^53, seven bits a byte, lowest first; room for it was reserved. */
function writeVarint(encoder: ValueEncoder, value: number): void {
  const { bytes } = encoder;
  let rest = value;
  let position = encoder.length;
  while (rest > INT32_MAX) {
    bytes[position++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 128) {
    bytes[position++] = (rest & 127) | 0x80;
    rest >>= 7;
  }
  bytes[position++] = rest;
  encoder.length = position;
}

function writeTagged(encoder: ValueEncoder, tag: number, value: number): void {
  reserve(encoder, 16);
  encoder.bytes[encoder.length++] = tag;
  writeVarint(encoder, value);
}

/** Names an entry of the dictionary by its number, in the tag itself where the number is small. */
function writeKnown(encoder: ValueEncoder, id: number, smallTag: number, tag: number): void {
  if (id < smallCount) writeTag(encoder, smallTag + id);
  else writeTagged(encoder, tag, id);
}

function writeString(encoder: ValueEncoder, text: string): void {
  const short = text.length <= valueCodecLimits.stringLength;
  const id = short ? encoder.stringIds.get(text) : undefined;
  if (id !== undefined) {
    writeKnown(encoder, id, valueTags.smallString, valueTags.stringKnown);
    return;
  }
  const size = encoder.stringIds.size;
  const defines = short && size < valueCodecLimits.strings;
  writeText(encoder, text, defines ? valueTags.stringDefined : valueTags.stringInline);
  if (defines) encoder.stringIds.set(text, size);
}

function writeText(encoder: ValueEncoder, text: string, tag: number): void {
  const wide = hasWideUnit(text);
  reserve(encoder, 16 + text.length * 2);
  writeTagged(encoder, wide ? tag + valueTags.wide : tag, text.length);
  const { bytes } = encoder;
  let position = encoder.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    bytes[position++] = unit & 0xff;
    if (wide) bytes[position++] = unit >> 8;
  }
  encoder.length = position;
}

function hasWideUnit(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0xff) return true;
  return false;
}

function writeArray(encoder: ValueEncoder, values: readonly unknown[], depth: number): void {
  assert(depth < valueCodecLimits.depth, TOO_DEEP);
  writeTagged(encoder, valueTags.array, values.length);
  for (let index = 0; index < values.length; index++) writeValue(encoder, values[index], depth + 1);
}

function writeObject(encoder: ValueEncoder, object: Record<string, unknown>, depth: number): void {
  assert(depth < valueCodecLimits.depth, TOO_DEEP);
  const shapeId = knownShape(encoder.shapeRoot, object);
  if (shapeId >= 0) writeKnown(encoder, shapeId, valueTags.smallShape, valueTags.shapeKnown);
  else writeKeys(encoder, object);
  for (const key in object) {
    const value = object[key];
    if (value !== undefined) writeValue(encoder, value, depth + 1);
  }
}

/** Returns the number of the object's shape, or -1 where it has none yet. */
function knownShape(root: ShapeNode, object: Record<string, unknown>): number {
  let node = root;
  for (const key in object) {
    if (object[key] === undefined) continue;
    if (node.lastKey !== key || node.lastChild === undefined) {
      const child = node.children.get(key);
      if (child === undefined) return -1;
      // Neighbours in a stream are alike: remembering the last branch saves most look-ups.
      node.lastKey = key;
      node.lastChild = child;
    }
    node = node.lastChild;
  }
  return node.shapeId;
}

function writeKeys(encoder: ValueEncoder, object: Record<string, unknown>): void {
  const keys = Object.keys(object).filter((key) => object[key] !== undefined);
  const defines = keys.length <= valueCodecLimits.shapeKeys && encoder.shapes.length < valueCodecLimits.shapes;
  writeTagged(encoder, defines ? valueTags.shapeDefined : valueTags.shapeInline, keys.length);
  for (const key of keys) writeString(encoder, key);
  if (defines) defineShape(encoder, keys);
}

function defineShape(encoder: ValueEncoder, keys: readonly string[]): void {
  let node = encoder.shapeRoot;
  for (const key of keys) {
    const child = node.children.get(key) ?? shapeNode();
    node.children.set(key, child);
    node = child;
  }
  node.shapeId = encoder.shapes.length;
  encoder.shapes.push(node);
}
