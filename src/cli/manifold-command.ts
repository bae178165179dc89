import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { writeFileAtomically } from '#adapters/bars/atomic-file.ts';
import { readCandle } from '#adapters/bars/candle-json.ts';
import { ImportError } from '#adapters/bars/import-error.ts';
import { reportNotice } from '#adapters/bars/import-report.ts';
import { readCandleFile } from '#adapters/bars/read-candles.ts';
import { parseCandleSelector, readCandleRange } from '#adapters/valkey/candle-range.ts';
import { storeManifold } from '#adapters/valkey/manifold-store.ts';
import { StoreError } from '#adapters/valkey/store-error.ts';
import { type ConfigurationValues, numberOf } from '#domain/configuration/configuration-value.ts';
import type { Candle } from '#metrics/candle.ts';
import { buildManifoldDocument, type ManifoldDocument } from '#metrics/manifold-document.ts';
import { serializeManifold } from '#metrics/manifold-json.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import type { CommandContext } from './command-context.ts';
import { wholeNumber } from './option-parsers.ts';
import { StoreConnection } from './store-connection.ts';

interface ManifoldArguments {
  readonly input?: string;
  readonly instrument?: string;
  readonly uncapped?: boolean;
  readonly parity?: boolean;
  readonly output?: string;
  readonly precision?: number;
  readonly lookbackMinutes?: number;
  readonly json?: boolean;
}

/** A stage that did not work: the exit code of the specification, and what is said. */
interface Failure {
  readonly code: 2 | 3 | 4 | 5;
  readonly message: string;
}

const exitCodesText = `
Exit codes: 0 done, or nothing to store; 2 no input; 3 store unreachable; 4 store failed; 5 file failed.`;

/** `manifold`: builds the manifold document of a series of candles (FX desk specification 0.3 and a.8). */
export function registerManifold(program: Command, context: CommandContext): void {
  program
    .command('manifold')
    .description('build the manifold document of candles out of a file or the store')
    .option(
      '--input <source>',
      'a file of candles (JSON or CSV, plain or gzip), or valkey:EUR_USD:2025-01-01:2025-01-31',
    )
    .option('--instrument <name>', 'the name in the document; of a range in the store its own unless told')
    .option('--uncapped', 'measure the whole series, not only its last 512 bits')
    .option('--parity', 'read and write as the original did, its quirks included')
    .option(
      '--output <target>',
      "a file, or 'valkey' for the key manifold:{instrument}:{day}; else the document is printed",
    )
    .option('--precision <decimals>', 'decimals of a signature, 0 to 6', wholeNumber(0, 6))
    .option('--lookback-minutes <minutes>', 'minutes in which repetitions count, 1 to 1440', wholeNumber(1, 1440))
    .option('--cpu-only', 'accepted and ignored: there is no other way')
    .option('--json', 'say what was written as JSON; the document itself always is')
    .addHelpText('after', exitCodesText)
    .action(async (options: ManifoldArguments) => context.exitWith(await manifold(options, context)));
}

async function manifold(options: ManifoldArguments, context: CommandContext): Promise<number> {
  const connection = new StoreConnection(context.environment);
  try {
    const values = configurationFrom(context.environment);
    const input = await readInput(options, connection, context);
    if ('message' in input) return refuse(input, context);
    const document = documentOf(input, options, values);
    const failure = await writeOut(document, { options, connection, context });
    return failure === undefined ? 0 : refuse(failure, context);
  } finally {
    connection.close();
  }
}

interface Input {
  readonly candles: readonly Candle[];
  readonly instrument: string;
}

async function readInput(
  options: ManifoldArguments,
  connection: StoreConnection,
  context: CommandContext,
): Promise<Input | Failure> {
  const { input } = options;
  if (input === undefined)
    return { code: 2, message: "'--input' is expected: a file of candles or a range of the store" };
  try {
    if (input.startsWith('valkey:')) return await readRange(input, options, connection, context);
    const { candles, report } = readCandleFile(input, { parity: options.parity === true });
    const notice = reportNotice(report);
    if (notice !== undefined) context.output.note(notice);
    return { candles, instrument: options.instrument ?? '' };
  } catch (error) {
    if (error instanceof ImportError) return { code: 2, message: error.message };
    return storeFailure(error);
  }
}

async function readRange(
  input: string,
  options: ManifoldArguments,
  connection: StoreConnection,
  { output }: CommandContext,
): Promise<Input | Failure> {
  const selector = parseCandleSelector(input);
  if (typeof selector === 'string') return { code: 2, message: selector };
  const client = await connection.open();
  const progress = output.progress(`reading ${selector.instrument}`);
  const { candles, membersRead, skipped } = await readCandleRange(client, selector, {
    readMember: readCandle,
    keepsDuplicates: options.parity === true,
    onProgress: (days, total) => progress.update(days, total),
  }).finally(() => progress.end());
  const parts = Object.entries(skipped).map(([reason, count]) => `${count} ${reason} skipped`);
  if (parts.length > 0) output.note(`'${input}': of ${membersRead} members, ${parts.join(', ')}`);
  return { candles, instrument: options.instrument ?? selector.instrument };
}

function documentOf(input: Input, options: ManifoldArguments, values: ConfigurationValues): ManifoldDocument {
  return buildManifoldDocument(input.candles, {
    instrument: input.instrument,
    uncapped: options.uncapped === true,
    precision: options.precision ?? numberOf(values, 'ECHO_SIGNATURE_PRECISION'),
    lookbackMinutes: options.lookbackMinutes ?? numberOf(values, 'ECHO_LOOKBACK_MINUTES'),
  });
}

interface Writing {
  readonly options: ManifoldArguments;
  readonly connection: StoreConnection;
  readonly context: CommandContext;
}

async function writeOut(
  document: ManifoldDocument,
  { options, connection, context }: Writing,
): Promise<Failure | undefined> {
  const text = serializeManifold(document, { parity: options.parity === true });
  if (options.output === undefined) context.output.line(text.trimEnd());
  else if (options.output === 'valkey') return store(document, text, { options, connection, context });
  else return writeFile(document, text, options.output, { options, connection, context });
  return undefined;
}

async function store(
  document: ManifoldDocument,
  text: string,
  { options, connection, context }: Writing,
): Promise<Failure | undefined> {
  const { instrument, signals, t1_ms: newestAt } = document;
  if (signals.length === 0) {
    say(
      options,
      context,
      { stored: null, count: document.count, signals: 0 },
      `nothing to store: ${document.count} candles make no window`,
    );
    return undefined;
  }
  if (instrument === 'UNKNOWN')
    return { code: 2, message: "'--instrument' is expected, since it names the key in the store" };
  try {
    const key = await storeManifold(await connection.open(), { instrument, newestAt, text });
    say(
      options,
      context,
      { stored: key, count: document.count, signals: signals.length },
      `stored '${key}' with ${signals.length} signals`,
    );
    return undefined;
  } catch (error) {
    return storeFailure(error);
  }
}

function writeFile(
  document: ManifoldDocument,
  text: string,
  path: string,
  { options, context }: Writing,
): Failure | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomically(path, [new TextEncoder().encode(text)]);
  } catch (error) {
    return {
      code: 5,
      message: `'${path}' cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const { count, signals } = document;
  say(
    options,
    context,
    { file: path, count, signals: signals.length },
    `wrote '${path}' with ${signals.length} signals of ${count} candles`,
  );
  return undefined;
}

function say(options: ManifoldArguments, { output }: CommandContext, result: object, sentence: string): void {
  if (options.json === true) output.json(result);
  else output.note(sentence);
}

function storeFailure(error: unknown): Failure {
  if (!(error instanceof StoreError)) throw error;
  if (error.code === 'tooMany') return { code: 2, message: error.message };
  return { code: error.code === 'failed' ? 4 : 3, message: error.message };
}

function refuse(failure: Failure, { output }: CommandContext): number {
  output.note(`tradewind: ${failure.message}`);
  return failure.code;
}
