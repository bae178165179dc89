import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import { systemTime } from '#adapters/time/system-time.ts';
import { cryptoCosts } from '#domain/configuration/crypto-desk.ts';
import { askControl, type ControlAnswer, type ControlRequest } from '#runtime/control-socket.ts';
import { type BinanceServer, createBinanceServer } from '#venue-simulators/binance/binance-server.ts';
import type { ActingServer } from '#venue-simulators/faulty-server.ts';
import { serveWire } from '#venue-simulators/serve-wire.ts';
import { shiftedTime } from '#venue-simulators/shifted-time.ts';
import type { VenueFloor } from '#venue-simulators/venue-floor.ts';
import { perpetual } from './binance-wire.ts';
import { type KillProcess, startProcess } from './kill-process.ts';
import { type LiveProcess, processCredentials } from './live-desk-process.ts';
import { waitUntil } from './wait-until.ts';
import { wantingAt } from './wanting-desk.ts';
import { startWireFloor } from './wire-floor.ts';

const script = resolve(import.meta.dirname, 'live-desk-process.ts');
/** Event time per time of the clock: a minute, in which a desk decides once, is a quarter of one. */
const processSpeed = 4;
const dayMs = 86_400_000;

/** The simulated Binance on a real port, and desks in processes of their own. */
export interface LiveProcessScene {
  readonly folder: string;
  readonly floor: VenueFloor;
  readonly venue: BinanceServer;
  /** The venue's time. */
  now(): number;
  /** Starts a desk on the folder of the scene, and comes back at once. */
  start(changes?: Partial<LiveProcess>, environment?: Readonly<Record<string, string>>): KillProcess;
  /** What an operator does before anything is added. */
  letTrade(): Promise<void>;
  ask(request: ControlRequest): Promise<ControlAnswer | undefined>;
  isEngaged(): Promise<boolean>;
  /** Waits until the desk has made another decision. */
  decides(): Promise<void>;
}

const shownSchema = z.looseObject({
  kill: z.looseObject({ isEngaged: z.boolean() }),
  counts: z.looseObject({ decisions: z.int() }),
});
const decisionMs = 60_000;

export async function openProcessScene(
  t: TestContext,
  front: (server: ActingServer) => ActingServer,
): Promise<LiveProcessScene> {
  const systemAt = systemTime.now();
  const time = shiftedTime(systemTime, { startAt: wantingAt, speed: processSpeed });
  const coins = ['BTC', 'ETH'];
  const floor = startWireFloor({
    ...{ time, calendar: null, historyMs: dayMs / 4, untilAt: wantingAt + dayMs, quotesPerMinute: 60, seed: 7 },
    instruments: coins.map(perpetual),
    ...{ accountCurrency: 'USDT', moneyDecimals: 8, balance: 100_000, costs: cryptoCosts },
  });
  const { apiKey, apiSecret } = processCredentials;
  const venue = createBinanceServer({ time, floor, seed: 7, apiKey, apiSecret });
  const served = await serveWire(front(venue), { port: 0 });
  const root = mkdtempSync(join(tmpdir(), 'tradewind-live-'));
  const folder = join(root, 'desk');
  const running: KillProcess[] = [];
  t.after(async () => {
    await Promise.all(running.map((one) => one.kill()));
    await served.close();
    floor.stop();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    ...{ folder, floor, venue },
    ...controls(folder),
    now: () => time.now(),
    start: (changes = {}, environment = {}) => {
      const asked: LiveProcess = {
        ...{ venue: 'binance', role: 'all', venueUrl: `http://127.0.0.1:${served.port}`, folder, accountId: 'none' },
        ...{ symbols: coins.map((coin) => `${coin}USDT`), targets: {}, isResting: false },
        time: { systemAt, venueAt: wantingAt, speed: processSpeed },
        ...changes,
      };
      const started = startProcess('desk', [script, JSON.stringify(asked)], environment);
      running.push(started);
      return started;
    },
  };
}

/** What is asked of a desk over the socket of its folder. */
function controls(folder: string): Pick<LiveProcessScene, 'ask' | 'letTrade' | 'isEngaged' | 'decides'> {
  const ask = (request: ControlRequest): Promise<ControlAnswer | undefined> => askControl(folder, request);
  const shown = async (): Promise<z.infer<typeof shownSchema>> => {
    let answer: ControlAnswer | undefined;
    await waitUntil('the desk answers', async () => {
      answer = await ask({ command: 'status' });
      return answer !== undefined;
    });
    return shownSchema.parse(answer?.status);
  };
  const author = { actor: 'test', reason: 'a test' };
  return {
    ask,
    letTrade: async () => {
      for (const request of [
        { command: 'arm', phrase: 'ARM demo', ...author },
        { command: 'kill.release', ...author },
      ] as const) {
        const answer = await ask(request);
        assert.equal(answer?.isDone, true, answer?.message);
      }
    },
    isEngaged: async () => (await shown()).kill.isEngaged,
    decides: async () => {
      const before = (await shown()).counts.decisions;
      await waitUntil('the desk decides', async () => (await shown()).counts.decisions > before, decisionMs);
    },
  };
}
