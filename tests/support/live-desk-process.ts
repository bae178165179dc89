import { z } from 'zod';
import { openBinance } from '#adapters/binance/index.ts';
import { openOanda } from '#adapters/oanda/index.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { systemNetwork } from '#adapters/wire/system-network.ts';
import { runDesk } from '#cli/desk-run.ts';
import { planLive } from '#cli/live-plan.ts';
import { createOutput } from '#cli/output.ts';
import type { RunRole } from '#cli/run-plan.ts';
import { createRunReporter } from '#cli/run-reporter.ts';
import type { LiveVenuePort } from '#engine/live-port.ts';
import { marketBracket } from '#modules/market-bracket/market-bracket.ts';
import { calendarAround } from '#runtime/desk-setup.ts';
import { LiveRun } from '#runtime/live/live-run.ts';
import { shiftedTime } from '#venue-simulators/shifted-time.ts';
import { wantingPolicies } from './wanting-desk.ts';
import { wantingModule } from './wanting-module.ts';

/** What such a process is told, as the one argument that it has. */
export const liveProcessSchema = z.strictObject({
  venue: z.enum(['oanda', 'binance']),
  role: z.enum(['all', 'engine']),
  venueUrl: z.string(),
  folder: z.string(),
  symbols: z.array(z.string()),
  /** What is to be held, in steps. */
  targets: z.record(z.string(), z.int()),
  isResting: z.boolean(),
  accountId: z.string(),
  /** The venue's time was `venueAt` when the system's was `systemAt`, and goes so many times as fast. */
  time: z.strictObject({ systemAt: z.int(), venueAt: z.int(), speed: z.number().positive() }),
});
export type LiveProcess = z.infer<typeof liveProcessSchema>;

/** What such a process and its simulator show each other. */
export const processCredentials = { token: 'canary-token', apiKey: 'canary-key', apiSecret: 'canary-secret' } as const;

/**
 * A desk that holds what it is told to, in a process of its own: everything but what it wants and how fast its time goes is as the command
 * line makes it.
 */
async function runProcess(asked: LiveProcess): Promise<number> {
  const { venue, role, venueUrl, folder, symbols, targets, isResting } = asked;
  const plan = planLive(
    {
      ...{ venue, account: 'demo', environment: 'simulated', venueUrl, historyDays: 0.1, dataDir: folder, port: 0 },
      ...{ set: {}, role: role satisfies RunRole, instruments: symbols },
    },
    environmentOf(asked),
  );
  const desk = venue === 'oanda' ? 'fx' : 'crypto';
  const policies = wantingPolicies(
    { [venue === 'oanda' ? 'HOTBAND_PAIRS' : 'BINANCE_SYMBOLS']: symbols.join(',') },
    desk,
    {
      [`wanting/${desk}`]: { targets },
      ...(isResting ? { [`desk/${desk}`]: { slots: { allocation: ['wanting'] }, modes: {} } } : {}),
    },
  );
  const { systemAt, venueAt, speed } = asked.time;
  const time = shiftedTime(systemTime, { startAt: venueAt + (systemTime.now() - systemAt) * speed, speed });
  const live = {
    ...plan.live,
    ...{ policies, time, modules: [wantingModule, marketBracket], venue: portOf(asked, time), snapshotEveryMs: 60_000 },
    ...(venue === 'oanda' ? { calendar: calendarAround } : {}),
  };
  const output = createOutput({ result: process.stdout, work: process.stderr });
  const reporter = createRunReporter(output, true);
  const open: (typeof plan)['open'] = (hooks) =>
    LiveRun.open({
      ...{ ...live, ...hooks },
      onEvent: (event) => {
        hooks.onEvent?.(event);
        if (event.type === 'order.denied') output.json(event);
      },
    });
  return runDesk({ ...plan, policies, open }, reporter, undefined);
}

function environmentOf({ accountId }: LiveProcess): Readonly<Record<string, string | undefined>> {
  const { token, apiKey, apiSecret } = processCredentials;
  const credentials = {
    ...{ OANDA_API_KEY: token, OANDA_ACCOUNT_ID: accountId },
    ...{ BINANCE_TESTNET_API_KEY: apiKey, BINANCE_TESTNET_SECRET_KEY: apiSecret },
  };
  return { READ_ONLY: '0', TRADEWIND_ENGINE_PORT: '0', ...process.env, ...credentials };
}

function portOf(
  { venue, venueUrl, accountId, folder }: LiveProcess,
  time: ReturnType<typeof shiftedTime>,
): LiveVenuePort {
  const shared = { network: systemNetwork(), time, environment: 'simulated', banFile: `${folder}.ban.json` } as const;
  const { token, apiKey, apiSecret } = processCredentials;
  if (venue === 'oanda') {
    const desk = { accountCurrency: 'USD', moneyDecimals: 6 };
    return openOanda({ ...shared, desk, accountId, token, origins: { rest: venueUrl, stream: venueUrl } });
  }
  const desk = { accountCurrency: 'USDT', moneyDecimals: 8 };
  const origins = { rest: venueUrl, stream: venueUrl.replace(/^http/, 'ws') };
  return openBinance({ ...shared, desk, apiKey, apiSecret, origins });
}

if (import.meta.main) {
  process.exitCode = await runProcess(liveProcessSchema.parse(JSON.parse(process.argv[2] ?? '')));
}
