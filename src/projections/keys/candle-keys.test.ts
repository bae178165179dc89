import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barOf, createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, tailOf } from '../../../tests/support/key-fold.ts';
import { BARS_OF_STAMP } from './candle-keys.ts';

test('a candle is one member of its minute, with prices as decimals', () => {
  const { setUpEvents } = createDeskFixture([]);
  const euro = { ...barOf('EUR_USD', 110_234, fixtureAt), open: 110_004, high: 110_240, low: 110_000, volume: 86.5 };
  const yen = { ...barOf('USD_JPY', 150_123, fixtureAt), open: 150_000, high: 150_200, low: 149_990, volume: 0 };
  const { changes } = foldKeys(tailOf([...setUpEvents, euro, yen]));
  assert.deepEqual(changesOf(changes, 'md:candles:EUR_USD:M1'), [
    {
      type: 'add',
      key: 'md:candles:EUR_USD:M1',
      score: 1_768_391_940_000,
      member: '{"t":1768391940000,"o":1.10004,"h":1.1024,"l":1.1,"c":1.10234,"v":86.5}',
      replacesScore: true,
      keep: 129_600,
      ttlMs: null,
    },
  ]);
  const [change] = changesOf(changes, 'md:candles:USD_JPY:M1');
  assert.ok(change?.type === 'add');
  assert.equal(change.member, '{"t":1768391940000,"o":150,"h":150.2,"l":149.99,"c":150.123,"v":0}');
});

test('a bar of an instrument that is not listed leaves no key', () => {
  const { setUpEvents } = createDeskFixture([]);
  const { changes } = foldKeys(tailOf([...setUpEvents, barOf('GBP_USD', 130_000, fixtureAt)]));
  assert.deepEqual(changesOf(changes, 'md:candles:GBP_USD:M1'), []);
});

test('as many bars are remembered as lie between a stamp and the end of its window', () => {
  const desk = createDeskFixture([], { symbols: ['EUR_USD'] });
  for (let minute = 0; minute < 200; minute += 1) {
    desk.at += 60_000;
    desk.bar('EUR_USD', 110_000 + minute);
  }
  const { state } = foldKeys(tailOf([...desk.setUpEvents, ...desk.events]));
  const market = state.markets['EURUSD.OANDA'];
  assert.equal(market?.openAts.length, BARS_OF_STAMP);
  assert.deepEqual([market?.closes[0], market?.closes.at(-1)], [110_072, 110_199]);
});
