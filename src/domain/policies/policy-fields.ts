import { z } from 'zod';
import { configuration } from '../configuration/configuration.ts';
import { firstPolicies } from '../configuration/first-policies.ts';
import { readConfiguration } from '../configuration/read-configuration.ts';
import type { PolicyDomain } from '../policies.ts';
import { type GuardRail, guardRails } from './guard-rails.ts';
import { valueAtPath } from './policy-paths.ts';

/** One field of a policy as its schema tells it. */
export interface PolicyField {
  /** Names on the way to it; `*` stands for names that the document chooses, `[]` for the items of a list. */
  readonly path: string;
  readonly type: string;
  /** As JSON, of the schema or of the FX desk's first documents; undefined where neither says it in a few words. */
  readonly default: string | undefined;
  /** Empty where every value of the type is allowed. */
  readonly range: string;
  readonly guardRails: readonly GuardRail[];
  readonly meaning: string;
}

/** What a schema says of one field in the words of JSON Schema (https://json-schema.org/draft/2020-12), as far as it is read here. */
interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** Every field of a domain, depth first in the order of its schema. */
export function policyFields(name: string, domain: PolicyDomain): PolicyField[] {
  const schema = z.toJSONSchema(domain.schema, { io: 'input', unrepresentable: 'any' }) as FieldSchema;
  return branchFields(name, schema, { path: '', meaning: '' });
}

/** Longer values are told by what makes them, not here. */
const defaultLengthMax = 120;

/** What a new data folder of the FX desk begins with, for fields whose schema has no default. */
const houseDocuments = new Map(
  firstPolicies(readConfiguration({}).values, { desk: 'fx' }).map(({ key, document }) => [key.split('/')[0], document]),
);

function textOf(value: unknown): string | undefined {
  const text = JSON.stringify(value) as string | undefined;
  return text !== undefined && text.length > defaultLengthMax ? undefined : text;
}

/** Where a field stands, and what is said of the whole it belongs to. */
interface Place {
  readonly path: string;
  readonly meaning: string;
}

function branchFields(domain: string, schema: FieldSchema, { path, meaning }: Place): PolicyField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    fieldsOf(domain, inner, { path: path === '' ? name : `${path}.${name}`, meaning }),
  );
}

function fieldsOf(domain: string, schema: FieldSchema, place: Place): PolicyField[] {
  const { path } = place;
  const own = schema.description ?? variableMeaning(domain, path);
  const meaning = own === '' ? place.meaning : own;
  if (schema.properties !== undefined) return branchFields(domain, schema, { path, meaning });
  const { additionalProperties: named, items } = schema;
  if (typeof named === 'object' && named.properties !== undefined)
    return branchFields(domain, named, { path: `${path}.*`, meaning });
  if (items?.properties !== undefined) return branchFields(domain, items, { path: `${path}.[]`, meaning });
  return [
    {
      path,
      type: typeOf(schema),
      default: textOf(schema.default === undefined ? valueAtPath(houseDocuments.get(domain), path) : schema.default),
      range: rangeOf(typeof named === 'object' ? named : (items ?? valueSchema(schema))),
      guardRails: guardRails.filter((rail) => rail.domain === domain && matches(rail.path, path)),
      meaning,
    },
  ];
}

/** Of a field that may be null, what it is otherwise. */
function valueSchema(schema: FieldSchema): FieldSchema {
  return schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
}

const typeWords: Readonly<Record<string, string>> = {
  integer: 'whole number',
  string: 'text',
  boolean: 'yes or no',
};

function typeOf(schema: FieldSchema): string {
  const { additionalProperties: named, anyOf, items, type } = schema;
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (schema.enum !== undefined) return 'choice';
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (typeof named === 'object') return `${typeOf(named)} by name`;
  const types = typeof type === 'string' ? [type] : (type ?? ['any']);
  return types.map((name) => typeWords[name] ?? name).join(' or ');
}

function rangeOf(schema: FieldSchema): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(', ');
  if (schema.items !== undefined) return rangeOf(schema.items);
  const parts: string[] = [];
  if (isBound(schema.minimum)) parts.push(`≥ ${schema.minimum}`);
  if (isBound(schema.exclusiveMinimum)) parts.push(`> ${schema.exclusiveMinimum}`);
  if (isBound(schema.maximum)) parts.push(`≤ ${schema.maximum}`);
  if (isBound(schema.exclusiveMaximum)) parts.push(`< ${schema.exclusiveMaximum}`);
  return parts.join(', ');
}

/** Whole numbers that a computer cannot tell apart any more are no bound of ours. */
function isBound(value: number | undefined): value is number {
  return value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

function matches(railPath: string, path: string): boolean {
  const names = path.split('.');
  const wanted = railPath.split('.');
  return names.length === wanted.length && wanted.every((name, place) => name === '*' || name === names[place]);
}

/** A field that a variable fills means what the variable does. */
function variableMeaning(domain: string, path: string): string {
  const variable = configuration.find(({ targets }) =>
    targets.some((target) => target.domain === domain && target.field === path),
  );
  return variable?.meaning ?? '';
}
