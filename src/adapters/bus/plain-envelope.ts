import type { Envelope } from '#domain/bus/envelope.ts';

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const typePattern = /^[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+$/;
const tracePattern = /^[0-9a-f]{32}$/;
const spanPattern = /^[0-9a-f]{16}$/;

/**
 * True for what is certainly an envelope, told at a fraction of the schema's cost: every message passes here twice. Where this says no the
 * schema decides, and says what is wrong. A test holds that nothing passes here that the schema refuses.
 */
export function isPlainEnvelope(value: unknown): value is Envelope {
  if (!isRecord(value)) return false;
  let known = 0;
  for (const name in value) {
    if (!isGoodField(name, value[name])) return false;
    known += name === 'key' || name === 'parent_span_id' ? 0 : 1;
  }
  // Seven plain fields and the payload are required; each counts once.
  return known === 8;
}

function isGoodField(name: string, value: unknown): boolean {
  switch (name) {
    case 'id':
      return typeof value === 'string' && idPattern.test(value);
    case 'type':
      return typeof value === 'string' && isType(value);
    case 'schema_version':
      return isWhole(value, 1);
    case 'ts':
      return isWhole(value, 0);
    case 'source':
    case 'key':
      return typeof value === 'string' && value.length > 0;
    case 'trace_id':
      return typeof value === 'string' && tracePattern.test(value);
    case 'span_id':
    case 'parent_span_id':
      return typeof value === 'string' && spanPattern.test(value);
    case 'payload':
      return isRecord(value);
    default:
      return false;
  }
}

/** Types are few and come again and again. */
const knownTypes = new Set<string>();
const knownTypesMax = 1_000;

function isType(text: string): boolean {
  if (knownTypes.has(text)) return true;
  if (!typePattern.test(text)) return false;
  if (knownTypes.size < knownTypesMax) knownTypes.add(text);
  return true;
}

function isWhole(value: unknown, min: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
