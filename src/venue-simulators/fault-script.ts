import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** How many faults a script may have. */
const FAULTS_MAX = 10_000;
const spanMs = z
  .int()
  .min(0)
  .max(366 * 86_400_000);

const patternSchema = z.string().min(1).max(200).refine(isPattern, { error: 'expected a regular expression' });

/** Faults of a request: what was asked never arrives, arrives and is not answered, or is answered otherwise. */
const requestFaultSchemas = [
  /** The connection ends before the venue has seen the request. */
  z.strictObject({ type: z.literal('loseRequest') }),
  /** The venue carries the request out, and the connection ends without its answer. */
  z.strictObject({ type: z.literal('loseAnswer') }),
  /** Nothing ever comes back. */
  z.strictObject({ type: z.literal('silence'), isCarriedOut: z.boolean().default(false) }),
  z.strictObject({ type: z.literal('delayAnswer'), ms: spanMs }),
  /** Another answer than the venue's own, whether or not the venue carries the request out. */
  z.strictObject({
    type: z.literal('answer'),
    status: z.int().min(200).max(599),
    body: z.string().max(1_000_000).default(''),
    headers: z.record(z.string(), z.string()).default({}),
    isCarriedOut: z.boolean().default(false),
  }),
] as const;

/** `stream` is looked for in the path and query of a stream or socket; without it every one is meant. */
const stream = patternSchema.optional();
/** Messages that the pattern is found in are left alone, or are the only ones meant. */
const except = patternSchema.optional();
const only = patternSchema.optional();

const streamFaultSchemas = [
  /** Messages are lost while it lasts; pings go on unless told otherwise. */
  z.strictObject({ type: z.literal('stall'), stream, except, only, hasPings: z.boolean().default(true) }),
  /** Ends what is open; while it lasts, whatever is opened anew ends at once. */
  z.strictObject({ type: z.literal('disconnect'), stream }),
  /** Cuts bytes into pieces of 1 up to so many; lines may end with a carriage return, and empty lines stand between. */
  z.strictObject({
    type: z.literal('chop'),
    stream,
    bytesMax: z.int().min(1).max(10_000).default(17),
    hasCarriageReturns: z.boolean().default(false),
    hasEmptyLines: z.boolean().default(false),
  }),
  /** Says messages twice; `fraction` of them, drawn from the script's seed. */
  z.strictObject({ type: z.literal('duplicate'), stream, except, only, fraction: z.number().gt(0).max(1).default(1) }),
  /** Holds messages back for a window and gives them out in a drawn order. */
  z.strictObject({ type: z.literal('reorder'), stream, except, only, windowMs: spanMs }),
  /** Loses the next so many messages. */
  z.strictObject({ type: z.literal('drop'), stream, except, only, count: z.int().min(1).max(1_000_000).default(1) }),
  /** Says a text of our own as a message, once to each that is open. */
  z.strictObject({ type: z.literal('inject'), stream, text: z.string().min(1).max(1_000_000) }),
] as const;

/** Anything the simulated venue does by itself; which actions and parameters there are is the simulator's own. */
const venueFaultSchema = z.looseObject({ type: z.literal('venue'), action: z.string().min(1).max(100) });

const faultSchema = z.discriminatedUnion('type', [...requestFaultSchemas, ...streamFaultSchemas, venueFaultSchema]);

const entrySchema = z
  .strictObject({
    /** Milliseconds after the script's start. */
    at: spanMs,
    /**
     * How long it lasts. Without it, and without `times`, a fault happens once; a stall and a cutting into pieces, which are states and
     * no acts, last on.
     */
    for: spanMs.optional(),
    /** How often it happens at most. */
    times: z.int().min(1).max(1_000_000).optional(),
    /** Which requests are meant; all without it. */
    match: z
      .strictObject({ method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(), path: patternSchema.optional() })
      .optional(),
    fault: faultSchema,
  })
  .refine(isMatchInPlace, { error: "'match' is for faults of requests", path: ['match'] });

export const faultScriptSchema = z.strictObject({
  /** What is drawn is drawn from it. */
  seed: z.int().min(0).default(1),
  faults: z.array(entrySchema).max(FAULTS_MAX),
});

export type FaultScript = z.infer<typeof faultScriptSchema>;
/** A script as it may be written, defaults left out. */
export type FaultScriptInput = z.input<typeof faultScriptSchema>;
export type FaultEntry = FaultScript['faults'][number];
export type Fault = FaultEntry['fault'];
export type RequestFault = Extract<
  Fault,
  { type: 'loseRequest' | 'loseAnswer' | 'silence' | 'delayAnswer' | 'answer' }
>;
export type VenueFault = Extract<Fault, { type: 'venue' }>;
export type StreamFault = Exclude<Fault, RequestFault | VenueFault>;

/** A script that cannot be used; the message names every wrong field by its path. */
export class FaultScriptError extends Error {
  override readonly name = 'FaultScriptError';
}

/** Reads a script from an object. */
export function parseFaultScript(value: unknown): FaultScript {
  const parsed = faultScriptSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${pathText(issue.path)}: ${issue.message}`);
  throw new FaultScriptError(`the fault script is wrong: ${problems.join('; ')}`);
}

/** Reads a script from a file of JSON. */
export function readFaultScript(path: string): FaultScript {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new FaultScriptError(`the fault script '${path}' cannot be read: ${(error as Error).message}`);
  }
  return parseFaultScript(value);
}

export function isRequestFault(fault: Fault): fault is RequestFault {
  return requestFaultSchemas.some((schema) => schema.shape.type.value === fault.type);
}

export function isStreamFault(fault: Fault): fault is StreamFault {
  return streamFaultSchemas.some((schema) => schema.shape.type.value === fault.type);
}

/** `faults[2].fault.status`, or `the script` for the whole. */
function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the script';
  const parts = path.map((part, index) =>
    typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
  );
  return `'${parts.join('')}'`;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function isMatchInPlace({ match, fault }: { match?: unknown; fault: { type: string } }): boolean {
  return match === undefined || requestFaultSchemas.some((schema) => schema.shape.type.value === fault.type);
}
