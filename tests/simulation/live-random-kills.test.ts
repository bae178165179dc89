import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { LiveStartError } from '#runtime/live/live-start-error.ts';
import * as binance from '../support/faulty-binance.ts';
import * as oanda from '../support/faulty-oanda.ts';
import { killsWanted, type Moments, momentsOf, scenesOf } from '../support/kill-plan.ts';
import { withMoments } from '../support/order-moments.ts';
import { openWantingBinance, openWantingOanda } from '../support/wanting-desk.ts';

const killsOfScene = 20;
/** In event time: orders come at most once a minute, and a start takes some twelve seconds. */
const lifeMs = 200_000;
const openingMs = 12_000;
const downMsMax = 90_000;
/** Events and requests about orders among which the moment lies. */
const stepsMax = 30;
/** Starts in a row that the venue may refuse, and the time between them. */
const startsMax = 20;
const restartMs = 15_000;
/** Waited for a moment that never comes before the next is drawn. */
const patienceMs = 600_000;

for (const [place, kills] of scenesOf(killsWanted, killsOfScene).entries()) {
  test(`a desk at binance killed ${kills} times in the life of its orders ends with the venue's books (scene ${place + 1})`, {
    timeout: 600_000,
  }, async (t) => {
    const moments = momentsOf(`live/binance/${place}`);
    t.diagnostic(`TRADEWIND_KILL_SEED=${moments.seed}`);
    const fate = createFate(moments);
    const desk = await openWantingBinance({
      ...{ quotesPerMinute: 60, fillQuantityMax: 60 },
      adapter: { banFile: banFile(t) },
      front: withMoments(fate.atDoor),
    });
    try {
      await killOften(desk, { moments, fate, kills, wish: (lots) => binance.wish(desk, lotsOf(lots, binanceLots)) });
      await binance.assertWell(desk);
    } finally {
      await desk.day.close();
    }
  });

  test(`a desk at oanda killed ${kills} times in the life of its orders ends with the venue's books (scene ${place + 1})`, {
    timeout: 600_000,
  }, async (t) => {
    const moments = momentsOf(`live/oanda/${place}`);
    t.diagnostic(`TRADEWIND_KILL_SEED=${moments.seed}`);
    const fate = createFate(moments);
    const desk = await openWantingOanda({ quotesPerMinute: 60, fillQuantityMax: 600, front: withMoments(fate.atDoor) });
    try {
      await killOften(desk, {
        moments,
        fate,
        kills,
        wish: (lots) => oanda.changeTargets(desk, lotsOf(lots, oandaLots)),
      });
      await oanda.assertWell(desk);
    } finally {
      await desk.day.close();
    }
  });
}

/** A ban outlives the process that it was given to. */
function banFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-ban-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'ban.json');
}

type Desk = binance.BinanceDesk | oanda.OandaDesk;
type Lots = readonly [number, number];

const binanceLots = { BTCUSDT: 40, ETHUSDT: 100 };
const oandaLots = { EUR_USD: 400, USD_JPY: 500 };

function lotsOf(lots: Lots, units: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(units).map(([symbol, unit], place) => [symbol, (lots[place] ?? 0) * unit]));
}

/** Kills at the n-th thing that happens to an order: an event in the desk, or a request or answer at the venue's door. */
interface Fate {
  /** Draws the next moment and what is lost of a request that it falls on. */
  draw(kill: () => void): void;
  readonly atDoor: () => 'goOn' | 'lose';
  readonly onEvent: (event: Event) => void;
}

function createFate(moments: Moments): Fate {
  let kill: (() => void) | undefined;
  let left = 0;
  const pass = (): boolean => {
    if (kill === undefined) return false;
    left -= 1;
    if (left > 0) return false;
    const act = kill;
    kill = undefined;
    act();
    return true;
  };
  return {
    draw: (act) => {
      left = Math.ceil(moments.waitMs(0, stepsMax));
      kill = act;
    },
    atDoor: () => (pass() && moments.chance(0.5) ? 'lose' : 'goOn'),
    onEvent: ({ type }) => {
      if (type.startsWith('order.')) pass();
    },
  };
}

interface Killing {
  readonly moments: Moments;
  readonly fate: Fate;
  readonly kills: number;
  wish(lots: Lots): void;
}

/** Half of the kills fall on a step of an order, the others on any instant, that of a start among them. */
async function killOften(desk: Desk, { moments, fate, kills, wish }: Killing): Promise<void> {
  const { day, clock } = desk;
  day.watcher = fate.onEvent;
  const count = (): number => Math.round(moments.waitMs(-2.49, 2.49));
  for (let killed = 0; killed < kills; ) {
    const kill = (): void => {
      if (!day.isRunning) return;
      killed += 1;
      day.kill();
    };
    if (moments.chance(0.5)) fate.draw(kill);
    else clock.after(Math.round(moments.waitMs(0, moments.chance(0.3) ? openingMs : lifeMs)), kill);
    if (!day.isRunning) await supervise(desk);
    for (let waitedMs = 0; day.isRunning && waitedMs < patienceMs; waitedMs += 30_000) {
      wish([count(), count()]);
      await passWhileRunning(desk, 30_000);
    }
    if (!day.isRunning) await day.pass(Math.round(moments.waitMs(0, downMsMax)));
  }
  day.watcher = undefined;
  fate.draw(() => undefined);
  await supervise(desk);
  assert.equal(day.isRunning, true);
}

/** Starts it again as long as it does not start: a venue that was asked too often of late wants to be left alone for a while. */
async function supervise({ day }: Desk): Promise<void> {
  for (let starts = 1; ; starts += 1) {
    try {
      await day.open();
      return;
    } catch (error) {
      if (!(error instanceof LiveStartError) || starts === startsMax) throw error;
      day.kill();
      await day.pass(restartMs);
    }
  }
}

async function passWhileRunning({ day }: Desk, ms: number): Promise<void> {
  for (let passed = 0; day.isRunning && passed < ms; passed += 500) await day.pass(500);
}
