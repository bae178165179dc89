import { join } from 'node:path';
import { openBinance } from '#adapters/binance/index.ts';
import { openOanda } from '#adapters/oanda/index.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { systemNetwork } from '#adapters/wire/system-network.ts';
import { isMarketOpen } from '#domain/calendar.ts';
import { type ConfigurationValues, flagOf, numberOf, settingOf } from '#domain/configuration/configuration-value.ts';
import type { DeskName } from '#domain/configuration/first-policies.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import type { LiveVenuePort, VenueEnvironment } from '#engine/live-port.ts';
import type { DeskHooks } from '#runtime/desk-run.ts';
import { alwaysAround, calendarAround, configurationFrom, documentOf, policyDocuments } from '#runtime/desk-setup.ts';
import { accountOf, type NamedAccount } from '#runtime/live/credentials.ts';
import type { LiveOptions } from '#runtime/live/live-options.ts';
import { LiveRun } from '#runtime/live/live-run.ts';
import type { PolicyDocument } from '#runtime/start-events.ts';
import { type Environment, withSettings } from './backtest-settings.ts';
import { dataFolder } from './data-folder.ts';
import { UsageError } from './refusal.ts';
import { type DeskPlan, planRole, type RunArguments } from './run-plan.ts';

export const venueNames = ['oanda', 'binance'] as const;
export type VenueName = (typeof venueNames)[number];
export const environmentNames = ['practice', 'live', 'simulated'] as const;

/** What was asked for of a desk at a real venue. */
export interface LiveArguments extends Omit<RunArguments, 'market' | 'balance' | 'speed' | 'seed'> {
  readonly venue: VenueName;
  readonly account: string;
  readonly environment?: VenueEnvironment;
  /** Where a simulator of the venue listens, on this machine. */
  readonly venueUrl?: string;
  readonly historyDays?: number;
  readonly accounts?: string;
}

/** A live desk, worked out; the venue is spoken to once it is opened. */
export interface LivePlan extends DeskPlan {
  readonly live: Omit<LiveOptions, keyof DeskHooks>;
}

const deskOf: Readonly<Record<VenueName, DeskName>> = { oanda: 'fx', binance: 'crypto' };
/** Days of bars that calibrations of the FX desk look back over, and enough for a market that never closes. */
const usualHistoryDays: Readonly<Record<VenueName, number>> = { oanda: 35, binance: 7 };
const dayMs = 86_400_000;

export function planLive(asked: LiveArguments, environment: Environment): LivePlan {
  const { venue, account } = asked;
  const desk = deskOf[venue];
  const values = configurationFrom(withSettings(withSettings(environment, universeOf(asked)), asked.set));
  const policies = policyDocuments(values, desk);
  const named = accountOf(
    { venue, name: account, environment: asked.environment, accountsFile: accountsFile(asked, values) },
    environment,
  );
  requireSimulator(asked, named);
  const folder = dataFolder(asked.dataDir, environment, `${venue}-${named.environment}-${account}`);
  const role = { ...planRole({ ...asked, market: '', balance: 0, dataDir: folder }, environment), values };
  const live: LivePlan['live'] = {
    folder,
    desk,
    account,
    venue: openVenue(asked, named, { policies, desk, folder }),
    environment: named.environment,
    policies,
    time: systemTime,
    historyDays: asked.historyDays ?? usualHistoryDays[venue],
    calendar: desk === 'fx' ? calendarAround : alwaysAround,
    isReadOnly: flagOf(values, 'READ_ONLY', 'live'),
    isLiveEnabled: flagOf(values, 'LIVE_TRADING_ENABLED', 'live'),
    reconcileEveryMs: numberOf(values, 'PORTFOLIO_RECONCILE_SEC') * 1_000,
    believesEmptyReports: flagOf(values, 'RECONCILE_ALLOW_EMPTY'),
  };
  const market = `${venue}:${named.environment}:${account}`;
  return {
    ...role,
    ...{ live, policies, market, warnings: [], isDemonstration: false, speed: 1, secrets: named.secrets },
    readOnly: live.isReadOnly,
    leaseAccount: market,
    open: (hooks) => LiveRun.open({ ...live, ...hooks }),
  };
}

/** Instruments of the command line take the place of the configured ones. */
function universeOf({ venue, instruments }: LiveArguments): Readonly<Record<string, string>> {
  if (instruments === undefined) return {};
  return { [venue === 'oanda' ? 'HOTBAND_PAIRS' : 'BINANCE_SYMBOLS']: instruments.join(',') };
}

function accountsFile({ accounts }: LiveArguments, values: ConfigurationValues): string | undefined {
  if (accounts !== undefined) return accounts;
  const stated = settingOf(values, 'TRADEWIND_ACCOUNTS');
  return typeof stated === 'string' && stated !== '' ? stated : undefined;
}

/** A key of a simulator goes nowhere but to this machine, and no other key goes to a given address. */
function requireSimulator({ venueUrl }: LiveArguments, { environment }: NamedAccount): void {
  if (environment !== 'simulated') {
    if (venueUrl === undefined) return;
    throw new UsageError(`'--venue-url': expected with '--environment simulated' alone, found with '${environment}'`);
  }
  if (venueUrl === undefined) throw new UsageError("'--environment simulated': expected '--venue-url' with it");
  const url = URL.canParse(venueUrl) ? new URL(venueUrl) : undefined;
  const isLoopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (isLoopback && url.protocol === 'http:' && url.pathname === '/') return;
  throw new UsageError(
    `'--venue-url': expected an address of this machine like 'http://127.0.0.1:9100', found '${venueUrl}'`,
  );
}

interface VenueDesk {
  readonly policies: readonly PolicyDocument[];
  readonly desk: DeskName;
  readonly folder: string;
}

function openVenue(asked: LiveArguments, named: NamedAccount, setup: VenueDesk): LiveVenuePort {
  const { accountCurrency, moneyDecimals } = documentOf(setup, 'desk') as unknown as DeskPolicy;
  const { credentials, environment } = named;
  const shared = {
    ...{ network: systemNetwork(), time: systemTime, environment },
    desk: { accountCurrency, moneyDecimals },
    // Beside the folder, which need not be there yet: a ban holds for every desk of the account.
    banFile: join(`${setup.folder}.ban.json`),
  };
  const rest = asked.venueUrl?.replace(/\/$/, '');
  if (credentials.venue === 'oanda') {
    const { accountId, token } = credentials;
    const origins = rest === undefined ? {} : { origins: { rest, stream: rest } };
    return openOanda({ ...shared, ...origins, accountId, token, isOpen: openHours() });
  }
  const origins = rest === undefined ? {} : { origins: { rest, stream: rest.replace(/^http/, 'ws') } };
  return openBinance({ ...shared, ...origins, apiKey: credentials.apiKey, apiSecret: credentials.apiSecret });
}

/** Whether prices can be expected, from calendars made as time goes on. */
function openHours(): (at: number) => boolean {
  let calendar = calendarAround(systemTime.now(), systemTime.now() + dayMs);
  return (at) => {
    if (at < calendar.fromAt || at >= calendar.untilAt) calendar = calendarAround(at, at + dayMs);
    return isMarketOpen(calendar, at);
  };
}
