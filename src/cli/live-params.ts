import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { UsageError } from './refusal.ts';

const percentile = z.string().regex(/^p\d{1,2}$/, "expected a number from 0 to 1 or a percentile like 'p70'");

/** What a winner was run with; a coherence written `p70` is the 70th percentile of its own series and no constant. */
const paramsSchema = z.strictObject({
  c_min: z.union([z.number().min(0).max(1), percentile]).optional(),
  direction_lookback: z.int().min(1).max(480).optional(),
  dir_threshold_bps: z.number().min(0).optional(),
  entry_cooldown_sec: z.int().min(0).optional(),
  exit_cooldown_sec: z.int().min(0).optional(),
});

const entrySchema = z.strictObject({
  params: paramsSchema,
  summary: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  ts: z.union([z.number(), z.string()]).optional(),
});

const documentSchema = z.record(
  z.string().regex(/^(?:[A-Z]{3}_[A-Z]{3}|GLOBAL)$/, 'expected a pair like EUR_USD, or GLOBAL'),
  entrySchema,
);

export type LiveParams = Readonly<z.infer<typeof documentSchema>>;

/** The largest file that is read; winners of a few pairs take some kilobytes. */
const textLengthMax = 1_048_576;

/** The promoted winners by instrument (FX desk specification h.5). Throws a `UsageError` that names the place and what was expected. */
export function parseLiveParams(text: string, source: string): LiveParams {
  if (text.length > textLengthMax)
    throw new UsageError(`'${source}': expected at most ${textLengthMax} signs, found ${text.length}`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line } = lines.linePos(problem.pos[0]);
    throw new UsageError(`'${source}' line ${line} is not YAML: ${problem.message.split('\n')[0] ?? ''}`);
  }
  if (!isMap(document.contents)) throw new UsageError(`'${source}': expected parameters by instrument, found none`);
  const parsed = documentSchema.safeParse(document.toJS());
  if (!parsed.success) throw new UsageError(`'${source}' ${issueText(parsed.error)}`);
  if (Object.keys(parsed.data).length === 0)
    throw new UsageError(`'${source}': expected parameters by instrument, found none`);
  return parsed.data;
}

/**
 * The variables that stand in for whatever reads no parameters by instrument: the median over the instruments, of an even number
 * the mean of the two in the middle, or what the entry GLOBAL says. A parameter that no instrument fixes sets no variable.
 */
export function fallbackVariables(winners: LiveParams): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const coherence = fallback(winners, ({ c_min }) => (typeof c_min === 'number' ? c_min : undefined));
  if (coherence !== undefined) {
    values.set('GUARD_MIN_COHERENCE', figureText(coherence));
    values.set('AUTO_MIN_COHERENCE', figureText(coherence));
  }
  const lookback = fallback(winners, (params) => params.direction_lookback);
  if (lookback !== undefined) values.set('AUTO_DIRECTION_LOOKBACK', String(Math.round(lookback)));
  const threshold = fallback(winners, (params) => params.dir_threshold_bps);
  if (threshold !== undefined) values.set('AUTO_DIR_THRESHOLD_BPS', figureText(threshold));
  return values;
}

type Params = z.infer<typeof paramsSchema>;

function fallback(winners: LiveParams, read: (params: Params) => number | undefined): number | undefined {
  const { GLOBAL: everywhere, ...own } = winners;
  const stated = everywhere === undefined ? undefined : read(everywhere.params);
  if (stated !== undefined) return stated;
  return median(Object.values(own).flatMap((entry) => read(entry.params) ?? []));
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

/** Six decimals at most, so that a mean does not show the noise of its last bit. */
function figureText(value: number): string {
  return String(Number(value.toFixed(6)));
}

function issueText(error: z.ZodError): string {
  const issue = error.issues[0];
  const key = issue?.path.map(String).join('.') ?? '';
  return `${key === '' ? '' : `field '${key}': `}${issue?.message ?? 'is not as expected'}`;
}
