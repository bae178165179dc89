import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import { parseDecimalRounded } from '#domain/decimal-text.ts';
import { scaleOf } from '#domain/scale.ts';
import type { PreflightCheck, VenueEnvironment } from '#engine/live-port.ts';
import { clockOffsetMsMax, readClock } from './clock-probe.ts';
import type { OandaContext } from './oanda-context.ts';
import { readAnswer, refusalOf } from './read-answer.ts';
import { accountAnswerSchema, accountsAnswerSchema, type VenueAccount } from './schema.ts';

export interface PreflightOptions {
  readonly context: OandaContext;
  readonly accountId: string;
  readonly accountCurrency: string;
  readonly environment: VenueEnvironment;
  /** Symbols that must be tradeable; none where the desk has not said so yet. */
  readonly symbols: readonly string[];
}

const clockReadings = 3;
const percentDecimals = 5;

/**
 * What must be true of the account before it is traded. A key of the other environment is refused by the venue and fails here; a venue that
 * does not answer rejects with a `VenueError`, since nothing was checked then.
 */
export async function runPreflight(options: PreflightOptions): Promise<readonly PreflightCheck[]> {
  const { rest } = options.context;
  const accounts = await rest.accounts();
  const refused = credentialProblem(accounts);
  const credentials = check(
    'credentials',
    `a key of '${options.environment}'`,
    refused ?? 'accepted',
    refused === undefined,
  );
  if (refused !== undefined) return [credentials];
  const listed = readAnswer(accounts, accountsAnswerSchema, 'accounts').accounts.map(({ id }) => id);
  const isListed = listed.includes(options.accountId);
  const reach = check(
    'account',
    'an account of the key',
    isListed ? 'listed' : `one of '${listed.length}' others`,
    isListed,
  );
  if (!isListed) return [credentials, reach];
  const { account } = readAnswer(await rest.account(), accountAnswerSchema, 'the account');
  return [
    credentials,
    reach,
    ...accountChecks(account, options.accountCurrency),
    ...(await instrumentChecks(options)),
    await clockCheck(options),
  ];
}

function credentialProblem(answer: VenueAnswer): string | undefined {
  if (answer.type !== 'answered' || (answer.status !== 401 && answer.status !== 403)) return undefined;
  return refusalOf(answer.status, answer.body).message;
}

function accountChecks(account: VenueAccount, currency: string): readonly PreflightCheck[] {
  const isNetting = account.hedgingEnabled === false;
  const closeout = account.marginCloseoutPercent;
  const percent = closeout === undefined ? 0 : parseDecimalRounded(closeout, percentDecimals, 'up');
  const isFar = percent !== undefined && percent < scaleOf(percentDecimals);
  const isUnlocked = account.newPositionsLocked !== true;
  return [
    check('netting', 'hedging off', isNetting ? 'off' : 'on', isNetting),
    check('currency', currency, account.currency, account.currency === currency),
    check('margin', 'a close-out share below 1', closeout ?? 'none', isFar),
    check('lock', 'open for positions', isUnlocked ? 'open' : 'locked', isUnlocked),
  ];
}

async function instrumentChecks({ context, symbols }: PreflightOptions): Promise<readonly PreflightCheck[]> {
  await context.catalogue.refresh();
  const missing = symbols.filter((symbol) => {
    const instrument = context.catalogue.bySymbol(symbol);
    return instrument === undefined || !context.catalogue.isListed(instrument.id);
  });
  const found = missing.length === 0 ? `'${context.catalogue.size}' listed` : `not listed: '${missing.join("', '")}'`;
  return [check('instruments', 'all listed for the account', found, missing.length === 0)];
}

/** The reading with the shortest way says most. */
async function clockCheck({ context, symbols }: PreflightOptions): Promise<PreflightCheck> {
  const symbol = symbols[0] ?? context.catalogue.firstSymbol ?? '';
  let best: { readonly apartMs: number; readonly tripMs: number } | undefined;
  for (let count = 0; count < clockReadings; count += 1) {
    const reading = await readClock(context.time, () => context.rest.pricing([symbol]));
    if (reading === undefined) continue;
    const tripMs = reading.receivedAt - reading.sentAt;
    const apartMs = Math.round(reading.serverAt - (reading.sentAt + reading.receivedAt) / 2);
    if (best === undefined || tripMs < best.tripMs) best = { apartMs, tripMs };
  }
  const expected = `at most '${clockOffsetMsMax}' ms apart`;
  if (best === undefined) return check('clock', expected, 'no time told', false);
  return check('clock', expected, `'${best.apartMs}' ms`, Math.abs(best.apartMs) <= clockOffsetMsMax);
}

function check(name: string, expected: string, found: string, isPassed: boolean): PreflightCheck {
  return { name, isPassed, expected, found };
}
