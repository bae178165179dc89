import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, type ScriptedOanda, scriptOanda, scriptStartAt, settle } from '../../../tests/support/scripted-oanda.ts';
import { floorMinute } from './bar-history.ts';
import { minuteMs } from './mapper-candles.ts';
import { formatVenueTime } from './oanda-time.ts';

const startAt = floorMinute(scriptStartAt);

function candle(minute: number, close = '1.10010'): object {
  return {
    time: formatVenueTime(startAt + minute * minuteMs),
    complete: true,
    volume: 12,
    mid: { o: '1.10000', h: '1.10020', l: '1.09990', c: close },
    bid: { o: '1.09995', h: '1.10015', l: '1.09985', c: '1.10004' },
    ask: { o: '1.10005', h: '1.10025', l: '1.09995', c: '1.10016' },
  };
}

interface BarScript extends ScriptedOanda {
  /** What the venue has, by minute. */
  readonly candles: Map<number, object>;
}

async function opened(
  change: (script: BarScript) => Promise<unknown> | undefined = () => undefined,
): Promise<BarScript> {
  const script: BarScript = { ...scriptOanda(), candles: new Map() };
  script.on(/candles/, (asked) => {
    const [from = 0, to = 0] = [...asked.matchAll(/(?:from|to)=([^&]+)/g)].map(([, text]) => Date.parse(text ?? ''));
    const candles = [...script.candles]
      .sort(([left], [right]) => left - right)
      .filter(([minute]) => startAt + minute * minuteMs >= from && startAt + minute * minuteMs < to)
      .map(([, value]) => value);
    return ok({ instrument: 'EUR/USD', granularity: 'M1', candles });
  });
  await change(script);
  await script.open();
  return script;
}

function toldMinutes(script: ScriptedOanda): number[] {
  return script.ofType('bar.closed').map(({ openAt }) => (openAt - startAt) / minuteMs);
}

function askedSince(script: ScriptedOanda, before: number): string[] {
  return script.asked.slice(before).filter((asked) => asked.includes('candles'));
}

/** Keeps the streams up while time passes. */
async function live(script: ScriptedOanda, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    for (const kind of ['pricing', 'transactions'] as const) script.stream(kind).say({ type: 'HEARTBEAT', time: '0' });
    await script.pass(500);
  }
}

test('a bar is told once, soon after its minute, and not asked for again', async () => {
  const script = await opened();
  script.candles.set(0, candle(0));
  await live(script, 47_500);
  assert.deepEqual(toldMinutes(script), []);
  const before = script.asked.length;
  await live(script, 2_500);
  assert.deepEqual(script.ofType('bar.closed'), [
    {
      type: 'bar.closed',
      instrument: 'EURUSD.OANDA',
      openAt: startAt,
      open: 110_000,
      high: 110_020,
      low: 109_990,
      close: 110_010,
      volume: 12,
      spread: 12,
    },
  ]);
  await live(script, 30_000);
  assert.equal(askedSince(script, before).length, 1);
});

test('a bar that is late is asked for a few times, and a minute without one is none', async () => {
  const script = await opened();
  await live(script, 49_000);
  const before = script.asked.length;
  script.candles.set(0, { ...candle(0), complete: false });
  await live(script, 1_000);
  script.candles.set(0, candle(0));
  await live(script, 8_000);
  assert.deepEqual(toldMinutes(script), [0]);
  assert.equal(askedSince(script, before).length, 2);
  await live(script, 60_000);
  assert.deepEqual(toldMinutes(script), [0]);
  assert.equal(askedSince(script, before).length, 6);
  assert.equal(
    script.ofType('venue.impaired').some(({ part }) => part === 'history'),
    false,
  );
});

test('what closed since the history that was read is told at once', async () => {
  const script = await opened(async (begun) => {
    for (let minute = -20; minute < 0; minute += 1) begun.candles.set(minute, candle(minute));
    const [euro] = await settle(begun.clock, begun.venue.instruments(['EUR_USD']));
    assert.ok(euro !== undefined);
    const bars = await settle(begun.clock, begun.venue.bars(euro, startAt - 10 * minuteMs, startAt - 3 * minuteMs));
    assert.equal(bars.length, 7);
  });
  assert.deepEqual(toldMinutes(script), [-3, -2, -1]);
});

test('F83: a bar that is revised after it was told is put aside once', async () => {
  const script = await opened();
  script.candles.set(0, candle(0));
  await live(script, 60_000);
  script.candles.set(0, candle(0, '1.10015')).set(1, candle(1));
  await live(script, 60_000);
  script.candles.set(2, candle(2));
  await live(script, 60_000);
  assert.deepEqual(toldMinutes(script), [0, 1, 2]);
  assert.deepEqual(
    script.ofType('message.quarantined').map(({ reason }) => reason),
    ['REVISED_BAR'],
  );
});

test('a bar that comes up behind one that was told is put aside', async () => {
  const script = await opened();
  script.candles.set(0, candle(0)).set(2, candle(2));
  await live(script, 180_000);
  script.candles.set(1, candle(1)).set(3, candle(3));
  await live(script, 60_000);
  assert.deepEqual(toldMinutes(script), [0, 2, 3]);
  assert.deepEqual(
    script.ofType('message.quarantined').map(({ reason }) => reason),
    ['LATE_BAR'],
  );
});

test('after an outage the missing bars are told in order, and history is well again', async () => {
  const script = await opened();
  script.candles.set(0, candle(0));
  await live(script, 60_000);
  let isDown = true;
  script.on(/candles/, (asked) => {
    if (isDown) return 'reset';
    const minutes = [0, 1, 2, 3, 4].filter((minute) => asked.includes('candles') && minute < 5);
    return ok({ candles: minutes.map((minute) => candle(minute)) });
  });
  await live(script, 180_000);
  assert.ok(script.ofType('venue.impaired').some(({ part }) => part === 'history'));
  assert.deepEqual(toldMinutes(script), [0]);
  isDown = false;
  await live(script, 90_000);
  assert.deepEqual(toldMinutes(script), [0, 1, 2, 3, 4]);
  assert.equal(script.ofType('venue.restored').at(-1)?.part, 'history');
});

test('F80: what cannot be a bar is put aside once and not told', async () => {
  const script = await opened();
  script.candles.set(0, { ...candle(0), mid: { o: '0', h: '0', l: '0', c: '0' } });
  await live(script, 120_000);
  assert.deepEqual(toldMinutes(script), []);
  assert.deepEqual(
    script.ofType('message.quarantined').map(({ reason }) => reason),
    ['BAD_BAR_FIGURES'],
  );
});
