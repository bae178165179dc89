import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitcoin } from '../../../tests/support/binance-adapter-scene.ts';
import { type BarTexts, fractionOf, historyBar, markInput, quoteInput } from './market-mapper.ts';

const problem = (read: object): boolean => 'problem' in read;
const now = 1_700_000_100_000;
const openAt = 1_700_000_040_000;
const bar: BarTexts = {
  openAt: 1_699_999_980_000,
  open: '50000.0',
  high: '50010.0',
  low: '49990.0',
  close: '50005.0',
  volume: '12.345',
};

test('a quote is read in ticks', () => {
  const read = quoteInput({ bidPrice: '50000.0', askPrice: '50000.1' }, bitcoin, 500_000);
  assert.deepEqual(read, {
    value: { type: 'quote.updated', instrument: 'BTCUSDT-PERP.BINANCE', bidPrice: 500_000, askPrice: 500_001 },
  });
});

test('a crossed, empty, absurd or unreadable quote is none (F78)', () => {
  const cases = [
    ['50000.1', '50000.0'],
    ['50000.0', '50000.0'],
    ['0', '50000.0'],
    ['50000.0', '0'],
    ['-37.63', '50000.0'],
    ['50000.0', '1000000000000'],
    ['', '50000.0'],
    ['NaN', '50000.0'],
    ['50000.05', '50000.1'],
    ['100.0', '100.1'],
  ] as const;
  for (const [bidPrice, askPrice] of cases) {
    assert.ok(problem(quoteInput({ bidPrice, askPrice }, bitcoin, 500_000)), `${bidPrice} ${askPrice}`);
  }
  assert.ok(!problem(quoteInput({ bidPrice: '100.0', askPrice: '100.1' }, bitcoin, undefined)));
});

test('the recorded mark price is rounded to ticks, half to even', () => {
  const texts = {
    markPrice: '11794.15000000',
    indexPrice: '11784.62659091',
    fundingRate: '0.00038167',
    nextFundingAt: 1_562_306_400_000,
  };
  assert.deepEqual(markInput(texts, bitcoin), {
    value: {
      type: 'mark.updated',
      instrument: 'BTCUSDT-PERP.BINANCE',
      markPrice: 117_942,
      indexPrice: 117_846,
      fundingRate: 0.00038167,
      nextFundingAt: 1_562_306_400_000,
    },
  });
  assert.ok(problem(markInput({ ...texts, markPrice: '0' }, bitcoin)));
  assert.ok(problem(markInput({ ...texts, fundingRate: '5' }, bitcoin)));
  assert.ok(problem(markInput({ ...texts, fundingRate: '' }, bitcoin)));
});

test('a closed minute is read with its volume', () => {
  assert.deepEqual(historyBar(bar, bitcoin, now), {
    value: {
      instrument: 'BTCUSDT-PERP.BINANCE',
      openAt: 1_699_999_980_000,
      open: 500_000,
      high: 500_100,
      low: 499_900,
      close: 500_050,
      volume: 12.345,
      spread: 0,
    },
  });
});

test('a minute that is not over by the clock of the venue is of the future (F82)', () => {
  assert.ok(!problem(historyBar({ ...bar, openAt }, bitcoin, openAt + 60_000)));
  assert.ok(problem(historyBar({ ...bar, openAt }, bitcoin, openAt + 59_999)));
  assert.ok(problem(historyBar({ ...bar, openAt: openAt * 1_000 }, bitcoin, now)));
  assert.ok(problem(historyBar({ ...bar, openAt: Math.round(openAt / 1_000) }, bitcoin, now)));
});

test('a bar whose figures cannot be is none (F78)', () => {
  const cases: readonly Partial<BarTexts>[] = [
    { high: '49999.0' },
    { low: '50001.0' },
    { low: '0' },
    { close: '-1' },
    { high: '1000000000000' },
    { high: '200000.0' },
    { volume: '-1' },
    { volume: 'NaN' },
    { open: '' },
  ];
  for (const change of cases)
    assert.ok(problem(historyBar({ ...bar, ...change }, bitcoin, now)), JSON.stringify(change));
});

test('only plain decimals are fractions', () => {
  assert.deepEqual(['0.0001', '-5', '1e3', '', 'Infinity', '0x1'].map(fractionOf), [
    0.0001,
    -5,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
