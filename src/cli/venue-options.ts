import { type Command, InvalidArgumentError, Option } from 'commander';
import type { VenueEnvironment } from '#engine/live-port.ts';
import { environmentNames, type LiveArguments, type VenueName, venueNames } from './live-plan.ts';
import { amount } from './option-parsers.ts';
import { UsageError } from './refusal.ts';
import type { RunArguments } from './run-plan.ts';

/** What a command line may say of a real venue. */
export interface VenueArguments {
  readonly venue?: VenueName;
  readonly account?: string;
  readonly environment?: VenueEnvironment;
  readonly venueUrl?: string;
  readonly historyDays?: number;
  readonly accounts?: string;
}

/** Adds the options of a real venue to a command. */
export function addVenueOptions(command: Command): Command {
  return command
    .addOption(new Option('--venue <venue>', 'trade at a real venue instead of on paper').choices(venueNames))
    .option('--account <name>', 'what the account is called here: letters, digits, dashes', accountName)
    .addOption(
      new Option('--environment <environment>', 'which servers; practice unless the keys say otherwise').choices(
        environmentNames,
      ),
    )
    .option('--venue-url <url>', 'where a simulator of the venue listens on this machine')
    .option('--history-days <days>', 'days of bars that a fresh run takes in (35 oanda, 7 binance)', amount)
    .option('--accounts <file>', 'a file that lists accounts with the files of their keys');
}

/** The arguments of a live run; undefined where none was asked for. */
export function liveArguments(asked: VenueArguments & RunArguments): LiveArguments | undefined {
  const { venue, account, market: _market, balance: _balance, speed: _speed, seed: _seed, ...rest } = asked;
  if (venue === undefined) {
    if (account === undefined && asked.environment === undefined && asked.venueUrl === undefined) return undefined;
    throw new UsageError("'--account', '--environment' and '--venue-url': expected '--venue' with them");
  }
  if (account === undefined) throw new UsageError("'--venue': expected '--account' with it");
  return { ...rest, venue, account };
}

function accountName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,31}$/i.test(text)) return text;
  throw new InvalidArgumentError(`expected up to 32 letters, digits and dashes, found '${text}'`);
}
