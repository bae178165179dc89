import type { Command } from 'commander';
import { VenueError } from '#domain/venue-error.ts';
import type { LiveVenuePort, PreflightCheck } from '#engine/live-port.ts';
import type { CommandContext } from './command-context.ts';
import { planLive } from './live-plan.ts';
import { assignment, instrumentList } from './option-parsers.ts';
import { UsageError } from './refusal.ts';
import { addVenueOptions, liveArguments, type VenueArguments } from './venue-options.ts';

interface PreflightArguments extends VenueArguments {
  readonly set: Readonly<Record<string, string>>;
  readonly instruments?: readonly string[];
  readonly json?: boolean;
}

/** `preflight`: looks at a real account as a start would, and changes nothing there. */
export function registerPreflight(program: Command, context: CommandContext): void {
  addVenueOptions(program.command('preflight').description('look whether an account at a real venue is as it must be'))
    .option(
      '--instruments <symbols>',
      'separated by commas; all the desk is configured for unless told',
      instrumentList,
    )
    .option('--set <NAME=VALUE>', 'a configuration variable; may be given many times', assignment, {})
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExit codes: 0 all is well, 1 something is not, or the venue cannot be reached.')
    .action(async (options: PreflightArguments) => context.exitWith(await preflight(options, context)));
}

async function preflight(options: PreflightArguments, { environment, output }: CommandContext): Promise<number> {
  const asked = liveArguments({ ...options, market: '', balance: 0 });
  if (asked === undefined) throw new UsageError("expected '--venue' and '--account'");
  const { venue, policies, desk } = planLive(asked, environment).live;
  try {
    const universe = policies.find(({ key }) => key === `desk/${desk}`)?.document['universe'] as readonly string[];
    const unlisted = await listingProblem(venue, universe);
    // A key that opens nothing is told by the account's own checks, which know what they expected.
    const checks = [...(await venue.preflight()), ...unlisted];
    const isPassed = checks.every((check) => check.isPassed);
    if (options.json === true) output.json({ isPassed, checks });
    else {
      const { green, red } = output.colors;
      const mark = (isWell: boolean): string => (isWell ? green('ok') : red('broken'));
      const rows = checks.map(({ name, isPassed: isWell, expected, found }) => [mark(isWell), name, expected, found]);
      output.table(['', 'what', 'expected', 'found'], rows);
    }
    return isPassed ? 0 : 1;
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    output.note(`the venue was asked: ${error.message}`);
    return 1;
  } finally {
    await venue.close();
  }
}

/** The venue's checks include the instruments that it was asked for before; those that it does not list are a finding like any other. */
async function listingProblem(venue: LiveVenuePort, universe: readonly string[]): Promise<readonly PreflightCheck[]> {
  try {
    await venue.instruments(universe);
    return [];
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    return [{ name: 'listing', isPassed: false, expected: universe.join(', '), found: error.message }];
  }
}
