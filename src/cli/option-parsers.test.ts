import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import {
  amount,
  assignment,
  instant,
  instantAfter,
  instrumentList,
  symbol,
  symbols,
  wholeNumber,
} from './option-parsers.ts';

function refuses(parse: (text: string) => unknown, ...texts: string[]): void {
  for (const text of texts) {
    assert.throws(
      () => parse(text),
      (error) => error instanceof InvalidArgumentError && /expected .*, found /.test(error.message),
      `'${text}'`,
    );
  }
}

test('a whole number lies between its bounds, both included', () => {
  assert.equal(wholeNumber(0, 6)('0'), 0);
  assert.equal(wholeNumber(0, 6)('6'), 6);
  refuses(wholeNumber(0, 6), '7', '-1', '1.5', '', 'two', '1e0');
});

test('an amount is above zero', () => {
  assert.equal(amount('100000'), 100_000);
  assert.equal(amount('0.5'), 0.5);
  refuses(amount, '0', '-5', '1e5', '1000000001', 'much');
});

test('an instant is epoch milliseconds, a day, or a day and clock time with UTC as its zone', () => {
  const day = Date.UTC(2025, 0, 31);
  assert.equal(instant(String(day)), day);
  assert.equal(instant('2025-01-31'), day);
  assert.equal(instant('2025-01-31T08:30'), day + 8.5 * 3_600_000);
  assert.equal(instant('2025-01-31 08:30:15'), day + 8.5 * 3_600_000 + 15_000);
  assert.equal(instant('2025-01-31T08:30:15.250Z'), day + 8.5 * 3_600_000 + 15_250);
  assert.equal(instant('2025-01-31T08:30+01:00'), day + 7.5 * 3_600_000);
  assert.equal(instant('2025-01-31T08:30:00-0500'), day + 13.5 * 3_600_000);
});

test('a text that names no instant is refused', () => {
  refuses(
    instant,
    '',
    'yesterday',
    '2025-02-30',
    '2025-13-01',
    '2025-01-31T25:00',
    '1700000000',
    '2025-1-1',
    '31.01.2025',
  );
});

test('every instant is read back from its own text', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(1e11), max: new Date(4e12), noInvalidDate: true }), (date) => {
      assert.equal(instant(date.toISOString()), date.getTime());
      assert.equal(instant(String(date.getTime())), date.getTime());
    }),
  );
});

test('the end of a span includes a day that is named without a clock time', () => {
  const day = Date.UTC(2025, 0, 31);
  assert.equal(instantAfter('2025-01-31'), day + 86_400_000);
  assert.equal(instantAfter('2025-01-31T00:00'), day);
  refuses(instantAfter, '2025-02-30');
});

test('a pair is two different currencies in either spelling', () => {
  assert.equal(symbol('EUR_USD'), 'EUR_USD');
  assert.equal(symbol('usd_jpy'), 'USD_JPY');
  assert.equal(symbol('GBPUSD.OANDA'), 'GBP_USD');
  refuses(symbol, 'EURUSD', 'EUR_EUR', 'EUR_USX', 'ABC_DEF', '', 'EUR_USD_M1', 'BTCUSDT-PERP.BINANCE');
  assert.throws(() => symbol('EUR_USX'), /the nearest of the usual ones is 'EUR_USD'/);
});

test('pairs are separated by commas and each is there once', () => {
  assert.deepEqual(symbols('EUR_USD,usd_jpy'), ['EUR_USD', 'USD_JPY']);
  refuses(symbols, 'EUR_USD,EUR_USD', 'EUR_USD,', '');
});

test('of assignments to one name the last counts', () => {
  const first = assignment('MAX_SPREAD_BPS=3', {});
  assert.deepEqual(assignment('MAX_SPREAD_BPS=4=5', first), { MAX_SPREAD_BPS: '4=5' });
  assert.deepEqual(assignment('PULSE_ENABLED=', first), { MAX_SPREAD_BPS: '3', PULSE_ENABLED: '' });
  refuses((text) => assignment(text, {}), 'PULSE_ENABLED', '=1', '1A=2');
});

test('a list of instruments holds pairs, or futures as Binance spells them', () => {
  assert.deepEqual(instrumentList('eur_usd,USDJPY.OANDA'), ['EUR_USD', 'USD_JPY']);
  assert.deepEqual(instrumentList('BTCUSDT, 1000PEPEUSDT,BTCUSDT'), ['BTCUSDT', '1000PEPEUSDT']);
  assert.throws(() => instrumentList('BTCUSDT,EUR_USD'), InvalidArgumentError);
});
