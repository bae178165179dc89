import { z } from 'zod';

/** One field of a payload in words. */
export interface FieldText {
  readonly name: string;
  readonly type: string;
}

/** The parts of a JSON Schema (https://json-schema.org/draft/2020-12) that the schemas of the house make. */
interface Shape {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly prefixItems?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | boolean;
}

const wordByType: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
  object: 'object',
};

/** The fields of an object schema in words, in their order, for people: `text or null`, `one of LONG, SHORT`, `list of text`. */
export function fieldTexts(schema: z.ZodObject): FieldText[] {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  return Object.entries(shape.properties ?? {}).map(([name, field]) => ({
    name,
    type: `${typeText(field)}${shape.required?.includes(name) === true ? '' : ', may be absent'}`,
  }));
}

function typeText(shape: Shape): string {
  if (shape.const !== undefined) return String(shape.const);
  if (shape.enum !== undefined) return `one of ${shape.enum.join(', ')}`;
  if (shape.anyOf !== undefined) return shape.anyOf.map(typeText).join(' or ');
  if (shape.prefixItems !== undefined) return `[${shape.prefixItems.map(typeText).join(', ')}]`;
  if (shape.items !== undefined) return `list of ${typeText(shape.items)}`;
  if (shape.properties !== undefined) return objectText(shape.properties);
  const { additionalProperties: values } = shape;
  if (typeof values === 'object') return `map to ${typeText(values)}`;
  return wordsOf(shape.type ?? []);
}

function wordsOf(types: string | readonly string[]): string {
  const words = [types].flat().map((type) => wordByType[type] ?? type);
  return words.length === 0 ? 'any value' : words.join(' or ');
}

function objectText(properties: NonNullable<Shape['properties']>): string {
  return `{ ${Object.entries(properties)
    .map(([name, field]) => `${name}: ${typeText(field)}`)
    .join('; ')} }`;
}
