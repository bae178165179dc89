import { smallIntegerMin, valueCodecLimits, valueTags } from '#base/value-tags.ts';

/** Raised by the decoder on bytes that no encoder wrote, or that end too soon. */
export class ValueDecodeError extends Error {
  override readonly name = 'ValueDecodeError';
}

type Shape = { keys: string[]; hasProtoKey: boolean };

/** The reading side of one stream. A decoder that threw has lost its place and must be dropped. */
export type ValueDecoder = { bytes: Uint8Array; position: number; strings: string[]; shapes: Shape[] };

const floatBytes = new Uint8Array(8);
const floatView = new DataView(floatBytes.buffer);

/** Reads the value at the decoder's position and moves past it. */
export function readValue(decoder: ValueDecoder, depth: number): unknown {
  const tag = readByte(decoder);
  if (tag >= valueTags.smallShape) return readObject(decoder, shapeAt(decoder, tag - valueTags.smallShape), depth);
  if (tag >= valueTags.smallString) return stringAt(decoder, tag - valueTags.smallString);
  if (tag >= valueTags.smallInteger) return tag - valueTags.smallInteger + smallIntegerMin;
  switch (tag) {
    case valueTags.null:
      return null;
    case valueTags.false:
      return false;
    case valueTags.true:
      return true;
    case valueTags.float:
      return readFloat(decoder);
    case valueTags.integer:
      return readInteger(decoder);
    case valueTags.array:
      return readArray(decoder, depth);
    case valueTags.shapeKnown:
      return readObject(decoder, shapeAt(decoder, readVarint(decoder)), depth);
    case valueTags.shapeDefined:
    case valueTags.shapeInline:
      return readObject(decoder, readShape(decoder, tag), depth);
    default:
      return readString(decoder, tag);
  }
}

function refuse(decoder: ValueDecoder, problem: string): never {
  throw new ValueDecodeError(`the encoded value is damaged near byte ${decoder.position}: ${problem}`);
}

function readByte(decoder: ValueDecoder): number {
  const byte = decoder.bytes[decoder.position];
  if (byte === undefined) refuse(decoder, 'the bytes end inside a value');
  decoder.position++;
  return byte;
}

/** Every item takes at least one byte, so a count above the bytes left is refused before anything of that size is made. */
function readCount(decoder: ValueDecoder): number {
  const count = readVarint(decoder);
  const left = decoder.bytes.length - decoder.position;
  if (count > left) refuse(decoder, `expected at most ${left} items, found a count of ${count}`);
  return count;
}

function readVarint(decoder: ValueDecoder): number {
  return readGroups(decoder, 0, 1);
}

/** Adds groups of seven bits to a sum, the first one at the given scale. */
function readGroups(decoder: ValueDecoder, start: number, startScale: number): number {
  let sum = start;
  let scale = startScale;
  for (;;) {
    const byte = readByte(decoder);
    sum += (byte & 127) * scale;
    if (sum > Number.MAX_SAFE_INTEGER) refuse(decoder, 'an integer above 2^53');
    if (byte < 0x80) return sum;
    scale *= 128;
    if (scale > Number.MAX_SAFE_INTEGER) refuse(decoder, 'an integer that does not end');
  }
}

function readInteger(decoder: ValueDecoder): number {
  const first = readByte(decoder);
  const low = (first & 127) >> 1;
  const magnitude = first < 0x80 ? low : readGroups(decoder, low, 64);
  return (first & 1) === 0 ? magnitude : -1 - magnitude;
}

function readFloat(decoder: ValueDecoder): number {
  for (let index = 0; index < 8; index++) floatBytes[index] = readByte(decoder);
  return floatView.getFloat64(0, true);
}

function stringAt(decoder: ValueDecoder, id: number): string {
  return decoder.strings[id] ?? refuse(decoder, `string ${id} of a dictionary of ${decoder.strings.length}`);
}

function shapeAt(decoder: ValueDecoder, id: number): Shape {
  return decoder.shapes[id] ?? refuse(decoder, `object shape ${id} of a dictionary of ${decoder.shapes.length}`);
}

function readString(decoder: ValueDecoder, tag: number): string {
  if (tag === valueTags.stringKnown) return stringAt(decoder, readVarint(decoder));
  if (tag < valueTags.stringDefined || tag > valueTags.stringInline + valueTags.wide)
    return refuse(decoder, `unknown tag ${tag}`);
  const text = readText(decoder, (tag & valueTags.wide) === valueTags.wide);
  if (tag < valueTags.stringInline) {
    if (decoder.strings.length >= valueCodecLimits.strings) refuse(decoder, 'more strings than a dictionary holds');
    decoder.strings.push(text);
  }
  return text;
}

function readText(decoder: ValueDecoder, wide: boolean): string {
  const count = readVarint(decoder);
  const start = decoder.position;
  const size = wide ? count * 2 : count;
  if (size > decoder.bytes.length - start) refuse(decoder, `the bytes end inside a string of ${size} bytes`);
  decoder.position = start + size;
  const bytes = decoder.bytes.subarray(start, decoder.position);
  let text = '';
  for (let from = 0; from < size; from += 4_096) {
    const part = bytes.subarray(from, from + 4_096);
    text += Reflect.apply(String.fromCharCode, undefined, wide ? codeUnits(part) : part);
  }
  return text;
}

function codeUnits(bytes: Uint8Array): Uint16Array {
  const units = new Uint16Array(bytes.length / 2);
  for (let index = 0; index < units.length; index++)
    units[index] = (bytes[index * 2] ?? 0) | ((bytes[index * 2 + 1] ?? 0) << 8);
  return units;
}

function readShape(decoder: ValueDecoder, tag: number): Shape {
  const count = readCount(decoder);
  const keys: string[] = [];
  for (let index = 0; index < count; index++) {
    const keyTag = readByte(decoder);
    keys.push(
      keyTag >= valueTags.smallString && keyTag < valueTags.smallShape
        ? stringAt(decoder, keyTag - valueTags.smallString)
        : readString(decoder, keyTag),
    );
  }
  const shape = { keys, hasProtoKey: keys.includes('__proto__') };
  if (tag === valueTags.shapeDefined) {
    if (decoder.shapes.length >= valueCodecLimits.shapes) refuse(decoder, 'more object shapes than a dictionary holds');
    decoder.shapes.push(shape);
  }
  return shape;
}

function readArray(decoder: ValueDecoder, depth: number): unknown[] {
  if (depth >= valueCodecLimits.depth) refuse(decoder, `values nested deeper than ${valueCodecLimits.depth}`);
  const count = readCount(decoder);
  const values: unknown[] = [];
  for (let index = 0; index < count; index++) values.push(readValue(decoder, depth + 1));
  return values;
}

function readObject(decoder: ValueDecoder, shape: Shape, depth: number): Record<string, unknown> {
  if (depth >= valueCodecLimits.depth) refuse(decoder, `values nested deeper than ${valueCodecLimits.depth}`);
  const object: Record<string, unknown> = {};
  for (const key of shape.keys) {
    const value = readValue(decoder, depth + 1);
    // Plain assignment to this one key would set the prototype instead of making a key.
    if (shape.hasProtoKey && key === '__proto__') {
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
    } else object[key] = value;
  }
  return object;
}
