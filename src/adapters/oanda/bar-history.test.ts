import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import { ok, type ScriptedOanda, scriptOanda, scriptStartAt, settle } from '../../../tests/support/scripted-oanda.ts';
import { candlesMax, floorMinute, historyRequestsMax } from './bar-history.ts';
import { minuteMs } from './mapper-candles.ts';
import { formatVenueTime } from './oanda-time.ts';

const nowAt = floorMinute(scriptStartAt);
const prices = { o: '1.10000', h: '1.10020', l: '1.09990', c: '1.10010' };

function spanOf(asked: string): [number, number] {
  const [from = 0, to = 0] = [...asked.matchAll(/(?:from|to)=([^&]+)/g)].map(([, text]) => Date.parse(text ?? ''));
  return [from, to];
}

/** A venue with a candle for each minute that is not left out. */
function venueWith(isThere: (openAt: number) => boolean = () => true): ScriptedOanda {
  const script = scriptOanda();
  script.on(/candles/, (asked) => {
    const [from, to] = spanOf(asked);
    const candles: object[] = [];
    // The end of a span may be read as part of it.
    for (let openAt = from; openAt <= to; openAt += minuteMs)
      if (isThere(openAt)) candles.push({ time: formatVenueTime(openAt), complete: true, volume: 1, mid: prices });
    return ok({ instrument: 'EUR/USD', granularity: 'M1', candles });
  });
  return script;
}

async function barsOf(script: ScriptedOanda, fromAt: number, untilAt: number): Promise<readonly number[]> {
  const [euro] = await settle(script.clock, script.venue.instruments(['EUR_USD']));
  const bars = await settle(script.clock, script.venue.bars(present(euro, 'EUR_USD'), fromAt, untilAt));
  return bars.map(({ openAt }) => (openAt - fromAt) / minuteMs);
}

test('history is asked for in pieces that the venue gives at once, and each bar comes once', async () => {
  const script = venueWith();
  const count = candlesMax + 10;
  const minutes = await barsOf(script, nowAt - count * minuteMs, nowAt);
  assert.equal(minutes.length, count);
  assert.deepEqual(
    minutes,
    Array.from({ length: count }, (_, minute) => minute),
  );
  const spans = script.asked.filter((asked) => asked.includes('candles')).map(spanOf);
  assert.deepEqual(
    spans.map(([from, to]) => (to - from) / minuteMs),
    [candlesMax, 10],
  );
});

test('minutes without prices are absent', async () => {
  const script = venueWith((openAt) => (openAt / minuteMs) % 3 !== 0);
  const minutes = await barsOf(script, nowAt - 9 * minuteMs, nowAt);
  assert.equal(minutes.length, 6);
});

test('what is still to come is not asked for', async () => {
  const script = venueWith();
  assert.deepEqual(await barsOf(script, nowAt - 2 * minuteMs, nowAt + 60 * minuteMs), [0, 1]);
  assert.deepEqual(await barsOf(script, nowAt + minuteMs, nowAt + 60 * minuteMs), []);
  assert.equal(script.asked.filter((asked) => asked.includes('candles')).length, 1);
});

test('a piece that is missing is no history', async () => {
  const script = venueWith();
  script.on(/candles/, () => ok({ errorMessage: 'Invalid value' }, 400));
  await assert.rejects(barsOf(script, nowAt - minuteMs, nowAt), { kind: 'refused', code: 'HTTP_400' });
});

test('there is an end to how much is asked for', async () => {
  const script = venueWith(() => false);
  script.on(/candles/, () => ok({ candles: [] }));
  const tooMany = (historyRequestsMax + 1) * candlesMax * minuteMs;
  const [euro] = await settle(script.clock, script.venue.instruments(['EUR_USD']));
  const asked = script.venue.bars(present(euro, 'EUR_USD'), nowAt - tooMany, nowAt);
  await assert.rejects(settle(script.clock, asked), { kind: 'refused', code: 'TOO_LONG' });
});

test('candles that cannot be bars are told once somebody listens', async () => {
  const script = scriptOanda();
  script.on(/candles/, () => ok({ candles: [{ time: formatVenueTime(nowAt - minuteMs), complete: true }] }));
  assert.deepEqual(await barsOf(script, nowAt - minuteMs, nowAt), []);
  script.on(/candles/, () => ok({ candles: [] }));
  await script.open();
  assert.deepEqual(
    script.ofType('message.quarantined').map(({ part, reason }) => [part, reason]),
    [['history', 'MALFORMED_BAR']],
  );
});
