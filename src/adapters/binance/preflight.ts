import { VenueError } from '#domain/venue-error.ts';
import type { PreflightCheck, VenueEnvironment } from '#engine/live-port.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';
import { type AccountMode, readAccountMode, readKeyRights } from './account-mode.ts';
import { type ReaderOptions, readBalance } from './account-reader.ts';
import { deliversPayload } from './probe-stream.ts';

/** Beyond this our clock or the venue's is wrong. */
export const offsetMsMax = 500;
const probeMs = 10_000;
const credentialCodes = new Set(['-1022', '-2014', '-2015', '401']);

export interface PreflightOptions extends ReaderOptions {
  readonly time: TimePort;
  readonly network: NetworkPort;
  readonly environment: VenueEnvironment;
  readonly origins: { readonly rest: string; readonly stream: string; readonly wallet: string | undefined };
  readonly leverage: number;
}

/** Everything that is asked of the account before it may be traded. Rejects with a `VenueError` where the venue cannot be reached. */
export async function runPreflight(options: PreflightOptions): Promise<readonly PreflightCheck[]> {
  await options.rest.syncClock();
  const credentials = await credentialCheck(options);
  const common = [
    environmentCheck(options),
    clockCheck(options),
    filterCheck(options),
    leverageCheck(options),
    credentials,
  ];
  const streams = [
    await streamCheck('public', 'bookTicker', options),
    await streamCheck('market', 'markPrice@1s', options),
  ];
  if (!credentials.isPassed) return [...common, ...streams];
  const mode = await readAccountMode(options.rest);
  return [...common, ...modeChecks(mode), ...(await rightsChecks(options)), ...streams];
}

function environmentCheck({ environment, origins }: PreflightOptions): PreflightCheck {
  return check('environment', true, environment, `${environment} at ${origins.rest}`);
}

function clockCheck({ rest }: PreflightOptions): PreflightCheck {
  const offset = rest.offsetMs ?? Number.POSITIVE_INFINITY;
  return check('clock', Math.abs(offset) <= offsetMsMax, `at most ${offsetMsMax} ms apart`, `${Math.round(offset)} ms`);
}

function filterCheck({ book }: PreflightOptions): PreflightCheck {
  return check(
    'filters',
    book.markets.size > 0,
    'filters of at least one perpetual',
    `${book.markets.size} perpetuals`,
  );
}

function leverageCheck({ leverage }: PreflightOptions): PreflightCheck {
  return check(
    'leverage',
    Number.isInteger(leverage) && leverage >= 1 && leverage <= 125,
    '1 to 125',
    String(leverage),
  );
}

/** A wrong key, a wrong secret and a key of another environment are told apart from a venue that cannot be reached. */
async function credentialCheck(options: PreflightOptions): Promise<PreflightCheck> {
  const expected = `a key of the environment '${options.environment}'`;
  try {
    await readBalance(options);
    return check('credentials', true, expected, 'a key that the venue knows');
  } catch (error) {
    if (!(error instanceof VenueError) || error.kind !== 'refused') throw error;
    const why = credentialCodes.has(error.code)
      ? 'the venue does not take the key or its signature'
      : 'the venue refuses';
    return check('credentials', false, expected, `${why} ('${error.code}')`);
  }
}

function modeChecks(mode: AccountMode): readonly PreflightCheck[] {
  const canTrade = mode.canTrade === undefined ? 'not told' : mode.canTrade ? 'may trade' : 'may not trade';
  return [
    check('permissions', mode.canTrade !== false, 'may trade', canTrade),
    check('positionMode', !mode.isHedged, 'one position for both sides', mode.isHedged ? 'hedge mode' : 'one position'),
    check('assetMode', !mode.isMultiAssets, 'margin in one asset', mode.isMultiAssets ? 'several assets' : 'one asset'),
  ];
}

/** Only the wallet's host knows what a key may do; where there is none, that stays untold. */
async function rightsChecks({ rest, origins }: PreflightOptions): Promise<readonly PreflightCheck[]> {
  if (origins.wallet === undefined) return [check('withdrawals', true, 'a key that may not withdraw', 'not told here')];
  const { canWithdraw, canTradeFutures, isBoundToAddress } = await readKeyRights(rest);
  const futures =
    canTradeFutures === undefined ? 'not told' : canTradeFutures ? 'may trade futures' : 'may not trade futures';
  return [
    check(
      'withdrawals',
      canWithdraw === false,
      'a key that may not withdraw',
      canWithdraw === false ? 'may not' : 'may',
    ),
    check('futures', canTradeFutures !== false, 'may trade futures', futures),
    check(
      'address',
      isBoundToAddress !== false,
      'a key bound to addresses',
      isBoundToAddress === false ? 'open to all' : 'bound',
    ),
  ];
}

async function streamCheck(path: string, kind: string, options: PreflightOptions): Promise<PreflightCheck> {
  const { time, network, origins, book } = options;
  const symbol = book.markets.has('BTCUSDT')
    ? 'BTCUSDT'
    : [...book.markets.values()].find(({ isTrading }) => isTrading)?.instrument.symbol;
  const expected = `a payload of '${kind}' within ${probeMs} ms`;
  if (symbol === undefined) return check(`stream ${path}`, false, expected, 'no perpetual that trades');
  const url = `${origins.stream}/${path}/stream?streams=${symbol.toLowerCase()}@${kind}`;
  const delivers = await deliversPayload({ time, network, url, timeoutMs: probeMs });
  return check(`stream ${path}`, delivers, expected, delivers ? 'a payload' : 'nothing');
}

function check(name: string, isPassed: boolean, expected: string, found: string): PreflightCheck {
  return { name, isPassed, expected, found };
}
