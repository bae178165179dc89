import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import {
  bodyText,
  fineInstantText,
  instantText,
  moneyText,
  parseInstant,
  priceText,
  shareText,
  unitsText,
} from './wire-text.ts';

const eurUsd = fxInstrument('EUR_USD');
const at = Date.UTC(2016, 9, 5, 5, 28, 16, 729);

test('prices have all their decimals, units none that say nothing', () => {
  assert.equal(priceText(eurUsd, 110_000), '1.10000');
  assert.equal(priceText(fxInstrument('USD_JPY'), 151_234), '151.234');
  assert.equal(unitsText(eurUsd, -100), '-100');
  const fine = { ...eurUsd, quantityDecimals: 2 };
  assert.deepEqual([unitsText(fine, 150), unitsText(fine, 100), unitsText(fine, -25)], ['1.5', '1', '-0.25']);
});

test('money and shares are rounded to their decimals, and nothing is minus nothing', () => {
  assert.equal(moneyText(338_481_208, 4), '33848.1208');
  assert.equal(moneyText(-1454.6, 4), '-0.1455');
  assert.equal(moneyText(-0.2, 4), '0.0000');
  assert.equal(shareText(0.149234), '0.14923');
});

test('instants have nine digits below the second, also those finer than a millisecond', () => {
  assert.equal(instantText(at), '2016-10-05T05:28:16.729000000Z');
  assert.match(fineInstantText(at, 7), /^2016-10-05T05:28:16\.729\d{6}Z$/);
  assert.equal(fineInstantText(at, 7), fineInstantText(at, 7));
  assert.notEqual(fineInstantText(at, 7), fineInstantText(at, 8));
});

test('a client may have instants as seconds', () => {
  const body = { time: '2016-10-05T05:28:16.729643492Z', inner: [{ text: 'T', time: instantText(0) }] };
  assert.equal(bodyText(body, 'UNIX'), '{"time":"1475645296.729643492","inner":[{"text":"T","time":"0.000000000"}]}');
  assert.equal(bodyText(body, 'RFC3339'), JSON.stringify(body));
});

test('instants are read in both formats', () => {
  for (const text of [
    '2016-10-05T05:28:16.729643492Z',
    '1475645296.729643492',
    '2016-10-05T07:28:16.729+02:00',
    '2016-10-05 05:28:16.729',
  ]) {
    assert.equal(parseInstant(text), at, text);
  }
  assert.equal(parseInstant('2016-10-05'), Date.UTC(2016, 9, 5));
  for (const text of ['', 'today', '2016-13-05T00:00:00Z', '1475645296729643492000', '1e9'])
    assert.equal(parseInstant(text), undefined, text);
});
