import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { readAudit } from '#adapters/audit/read-audit.ts';
import { verifyAudit } from '#adapters/audit/verify-audit.ts';
import { singleLine } from '#adapters/telemetry/single-line.ts';
import { nearestName } from '#domain/nearest-name.ts';
import { type AuditKind, type AuditLine, auditKinds } from '#domain/records/audit-record.ts';
import { auditFolder } from '#runtime/telemetry/telemetry-folders.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { instantText } from './instant-text.ts';
import { instant } from './option-parsers.ts';

interface AuditArguments {
  readonly dataDir?: string;
  readonly json?: boolean;
}

interface ShowArguments extends AuditArguments {
  readonly kind?: AuditKind;
  readonly since?: number;
}

/** `audit`: who did what and why, and the proof that nobody has changed it since. Reading only, so the desk may be running. */
export function registerAudit(program: Command, context: CommandContext): void {
  const audit = program.command('audit').description('verify the audit log, or show it');
  audit
    .command('verify')
    .description('check the chain of the audit log, and name the first broken record')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--json', 'print the verdict as JSON')
    .addHelpText('after', '\nExit codes: 0 the chain is whole, 1 it is broken or there is none.')
    .action(async (options: AuditArguments) => context.exitWith(await verify(options, context)));
  audit
    .command('show')
    .description('print the records of the audit log')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--kind <kind>', `one of ${auditKinds.join(', ')}`, auditKind)
    .option('--since <time>', 'an instant, UTC: records from then on', instant)
    .option('--json', 'print each record as a line of JSON')
    .action(async (options: ShowArguments) => context.exitWith(await show(options, context)));
}

async function verify(options: AuditArguments, context: CommandContext): Promise<number> {
  const folder = existingFolder(options, context);
  if (folder === undefined) return 1;
  const { output } = context;
  const verdict = await verifyAudit(folder);
  const { problem, records, files, notes } = verdict;
  if (options.json === true) output.json({ isWhole: problem === null, ...verdict });
  for (const note of notes) output.note(note);
  if (problem !== null) {
    const place = problem.line === 0 ? `'${problem.file}'` : `line ${problem.line} of '${problem.file}'`;
    const record = problem.sequence === null ? '' : `, sequence ${problem.sequence}`;
    output.note(`tradewind: the audit log is broken at ${place}${record}: ${problem.reason}`);
    return 1;
  }
  if (options.json !== true)
    output.line(`The audit log is whole: ${records} records in ${files} files, last hash ${verdict.lastHash}.`);
  return 0;
}

async function show(options: ShowArguments, context: CommandContext): Promise<number> {
  const folder = existingFolder(options, context);
  if (folder === undefined) return 1;
  const { output } = context;
  const { kind, since } = options;
  const query = { ...(kind === undefined ? {} : { kind }), ...(since === undefined ? {} : { sinceAt: since }) };
  for await (const line of readAudit(folder, query)) {
    if (options.json === true) output.json(line);
    else output.line(lineText(line));
  }
  return 0;
}

function existingFolder({ dataDir }: AuditArguments, { environment, output }: CommandContext): string | undefined {
  const folder = auditFolder(dataFolder(dataDir, environment));
  if (existsSync(folder)) return folder;
  output.note(`tradewind: there is no audit log: expected the folder '${folder}'`);
  return undefined;
}

function lineText({ at, sequence, kind, actor, action, target, reason, outcome }: AuditLine): string {
  const because = reason === '' ? '' : ` (${reason})`;
  // A reason with a line end must not pass for a record of its own.
  return singleLine(
    `${instantText(Date.parse(at))}  ${sequence}  ${kind}  ${actor}: ${action}, ${target}: ${outcome}${because}`,
  );
}

function auditKind(text: string): AuditKind {
  const kind = auditKinds.find((name) => name === text);
  if (kind !== undefined) return kind;
  throw new InvalidArgumentError(
    `expected one of the audit kinds, found '${text}'; the nearest is '${nearestName(text, auditKinds)}'`,
  );
}
