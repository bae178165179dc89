import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import { journalInfo } from '#adapters/journal/journal-info.ts';
import type { ReplayDifference } from '#engine/replay.ts';
import { codeVersion } from '#runtime/code-version.ts';
import { type ReplayResult, replayRun } from '#runtime/read-run.ts';
import { journalFolder, RunError, readManifest } from '#runtime/run-folder.ts';
import type { CommandContext } from './command-context.ts';
import { fieldDifferences, shownValue } from './field-differences.ts';
import { countText, timeText } from './figures.ts';
import type { Output } from './output.ts';

interface ReplayArguments {
  readonly json?: boolean;
}

const summarySchema = z.looseObject({ decisionsHash: z.string() });

/** `replay`: decides a whole journal anew and proves that every decision is the recorded one. */
export function registerReplay(program: Command, context: CommandContext): void {
  program
    .command('replay')
    .description('decide a whole journal anew and prove that it is the same, or name the first difference')
    .argument('<run>', 'the folder of a run')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExit codes: 0 the same, 1 a difference or a damaged journal, 2 no run there.')
    .action((folder: string, options: ReplayArguments) => context.exitWith(replay(folder, options, context)));
}

function replay(folder: string, options: ReplayArguments, { output }: CommandContext): number {
  const manifest = readManifest(folder);
  try {
    const version = codeVersion();
    if (manifest.codeVersion !== version) {
      output.note(
        `the journal was written by code '${manifest.codeVersion}', this is '${version}': decisions may differ`,
      );
    }
    const total = journalInfo(journalFolder(folder)).lastSequence;
    const result = decideAnew(folder, total, output);
    const recordedHash = recordedHashOf(folder);
    const isEqual =
      result.difference === undefined && (recordedHash === undefined || recordedHash === result.decisionsHash);
    if (options.json === true)
      output.json({ isEqual, ...result, difference: result.difference ?? null, recordedHash: recordedHash ?? null });
    else print(result, recordedHash, output);
    return isEqual ? 0 : 1;
  } catch (error) {
    if (!(error instanceof JournalRefusedError)) throw error;
    output.note(`tradewind: ${error.message}`);
    if (options.json === true) output.json({ isEqual: false, runId: manifest.runId, problem: error.message });
    return 1;
  }
}

function decideAnew(folder: string, total: number, output: Output): ReplayResult {
  const progress = output.progress('replay');
  try {
    return replayRun(folder, (events) => progress.update(events, total)).result;
  } finally {
    progress.end();
  }
}

/** The hash that the run itself came to; a run that was not finished has left none. */
function recordedHashOf(folder: string): string | undefined {
  const path = join(folder, 'summary.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return summarySchema.parse(JSON.parse(text)).decisionsHash;
  } catch {
    throw new RunError(`'${path}' is expected to hold a 'decisionsHash', found none`);
  }
}

function print(result: ReplayResult, recordedHash: string | undefined, output: Output): void {
  const { events, inputs, decisionsHash, difference } = result;
  output.line(`${countText(events)} events, ${countText(inputs)} of them inputs, decided anew`);
  output.line(`decisions hash ${decisionsHash}`);
  if (difference !== undefined) printDifference(difference, output);
  else if (recordedHash === undefined)
    output.line('every event equals the recorded one; the run left no summary to compare the hash with');
  else if (recordedHash === decisionsHash) output.line('every event and the hash equal the recorded ones');
  else
    output.line(
      `the events are equal but the hash is not: the run recorded ${recordedHash}, so its journal is not whole`,
    );
}

function printDifference({ sequence, recorded, decided }: ReplayDifference, output: Output): void {
  const at = (recorded ?? decided)?.at ?? 0;
  output.line(output.colors.red(`the first difference is event ${sequence} at ${timeText(at)} UTC`));
  if (recorded === undefined) {
    output.line(`the journal ends here, decided was: ${shownValue(decided)}`);
    return;
  }
  if (decided === undefined || recorded.type !== decided.type) {
    output.line(`recorded: ${shownValue(recorded)}`);
    output.line(`decided:  ${shownValue(decided)}`);
    return;
  }
  output.line(`'${recorded.type}', recorded and decided differ in:`);
  const rows = fieldDifferences(recorded, decided).map(({ path, left, right }) => [
    path,
    shownValue(left),
    shownValue(right),
  ]);
  output.table(['field', 'recorded', 'decided'], rows);
}
