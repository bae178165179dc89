import type { AccountBook } from '#adapters/binance/account-book.ts';
import type { BinanceOptions } from '#adapters/binance/binance-options.ts';
import { rateWindows } from '#adapters/binance/endpoints.ts';
import { openBinance } from '#adapters/binance/index.ts';
import { BinanceRest } from '#adapters/binance/rest.ts';
import { RateBudget } from '#adapters/wire/rate-budget.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { LiveVenuePort, VenueInput } from '#engine/live-port.ts';
import { bookOf } from './binance-adapter-scene.ts';
import { HandClock } from './hand-clock.ts';
import { ScriptedBinance } from './scripted-binance.ts';

export const canarySecret = 'CANARY_SECRET_2b5eb11e18796d12d88f13dc27dbbd02';
export const canaryKey = 'CANARY_KEY_dbefbc809e3e83c283a984c3a1459732ea7db1360ca80c5c2c8867408d28cc83';

export interface ScriptedDesk {
  readonly clock: HandClock;
  readonly server: ScriptedBinance;
  readonly venue: LiveVenuePort;
  readonly inputs: VenueInput[];
  readonly notices: string[];
  /** What was told of one kind. */
  told<T extends VenueInput['type']>(type: T): Extract<VenueInput, { type: T }>[];
}

/** The adapter over a scripted venue, nothing opened yet. */
export function scriptedDesk(options: Partial<BinanceOptions> = {}): ScriptedDesk {
  const clock = new HandClock();
  const server = new ScriptedBinance(clock);
  const venue = openBinance({
    network: server,
    time: clock,
    environment: 'simulated',
    apiKey: canaryKey,
    apiSecret: canarySecret,
    desk: { accountCurrency: 'USDT', moneyDecimals: 8 },
    origins: { rest: 'https://rest.binance.test', stream: 'wss://stream.binance.test' },
    ...options,
  });
  const inputs: VenueInput[] = [];
  const told = <T extends VenueInput['type']>(type: T) =>
    inputs.filter((input): input is Extract<VenueInput, { type: T }> => input.type === type);
  return { clock, server, venue, inputs, notices: [], told };
}

/** Opens the streams of bitcoin and lets the first payloads come, so that nothing is impaired. */
export async function openedDesk(
  options: Partial<BinanceOptions> = {},
): Promise<ScriptedDesk & { instrument: Instrument }> {
  const desk = scriptedDesk(options);
  const [instrument] = await desk.venue.instruments(['BTCUSDT']);
  if (instrument === undefined) throw new Error('no instrument');
  desk.venue.open([instrument], {
    onInput: (input) => desk.inputs.push(input),
    onNotice: (text) => desk.notices.push(text),
  });
  await desk.clock.pass(10);
  carryPrices(desk.server, desk.clock.now());
  await desk.clock.pass(10);
  return { ...desk, instrument };
}

let updateId = 1;

/** A payload over each of the market's streams. */
export function carryPrices(server: ScriptedBinance, at: number, prices = { bid: '50000.0', ask: '50000.1' }): void {
  const { bid, ask } = prices;
  const wrap = (name: string, data: unknown) => ({ stream: name, data });
  const quote = { e: 'bookTicker', u: updateId++, s: 'BTCUSDT', b: bid, B: '1.000', a: ask, A: '1.000', T: at, E: at };
  const mark = {
    e: 'markPriceUpdate',
    E: at,
    s: 'BTCUSDT',
    p: '50000.05',
    i: '50001.0',
    P: '0',
    r: '0.0001',
    T: at + 1,
    st: 1,
  };
  const openAt = Math.floor(at / 60_000) * 60_000;
  const k = { t: openAt, i: '1m', o: bid, h: ask, l: bid, c: bid, v: '1.5', x: false };
  server.carry('/public/', wrap('btcusdt@bookTicker', quote));
  server.carry('/market/', wrap('btcusdt@markPrice@1s', mark));
  server.carry('/market/', wrap('btcusdt@kline_1m', { e: 'kline', E: at, s: 'BTCUSDT', k }));
}

/** Lets time pass in seconds while the market's streams go on. */
export async function passLively(
  { clock, server }: Pick<ScriptedDesk, 'clock' | 'server'>,
  seconds: number,
): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await clock.pass(1_000);
    carryPrices(server, clock.now());
  }
  await clock.pass(300);
}

export interface RestScene {
  readonly clock: HandClock;
  readonly server: ScriptedBinance;
  readonly rest: BinanceRest;
  readonly book: AccountBook;
  readonly notices: string[];
  readonly onNotice: (text: string) => void;
  readonly measures: string[];
  /** Waits for an answer while time passes. */
  settled<T>(asked: Promise<T>): Promise<T>;
}

/** The venue's questions and answers alone, with a book that knows bitcoin. */
export function restScene(): RestScene {
  const clock = new HandClock();
  const server = new ScriptedBinance(clock);
  const notices: string[] = [];
  const measures: string[] = [];
  const onNotice = (text: string): void => void notices.push(text);
  const rest = new BinanceRest({
    network: server,
    time: clock,
    origins: { rest: 'https://rest.binance.test', wallet: 'https://wallet.binance.test' },
    apiKey: canaryKey,
    apiSecret: canarySecret,
    budget: new RateBudget({ time: clock, windows: rateWindows }),
    onNotice,
    onMeasure: (measure) => void measures.push(measure),
  });
  return {
    clock,
    server,
    rest,
    book: bookOf(),
    notices,
    onNotice,
    measures,
    settled: (asked) => settled(clock, asked),
  };
}

/** Lets time pass in small steps until an answer is there. */
async function settled<T>(clock: HandClock, asked: Promise<T>): Promise<T> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  asked.then(end, end);
  await clock.pass(0);
  for (let waited = 0; !isOver && waited < 600_000; waited += 100) await clock.pass(100);
  return asked;
}
