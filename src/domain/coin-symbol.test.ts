import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coinOfBaseCurrency, coinSymbol, isStableCoin } from './coin-symbol.ts';

test('a symbol is letters and digits, in capitals', () => {
  assert.equal(coinSymbol('btc'), 'BTC');
  assert.equal(coinSymbol('1inch'), '1INCH');
  for (const text of ['', 'a b', '$BTC', 'BTC"', 'BTC) OR (x', 'ﬀt', 'ıota', 'x'.repeat(16), 'btc\n', '__proto__']) {
    assert.equal(coinSymbol(text), undefined, text);
  }
});

test('a contract by the thousand is about the coin itself', () => {
  assert.equal(coinOfBaseCurrency('1000PEPE'), 'PEPE');
  assert.equal(coinOfBaseCurrency('1000000MOG'), 'MOG');
  assert.equal(coinOfBaseCurrency('1MBABYDOGE'), 'BABYDOGE');
  for (const name of ['BTC', '1INCH', '1000', 'C98']) assert.equal(coinOfBaseCurrency(name), name);
});

test('coins of a fixed worth are known by name or by the money they say', () => {
  for (const name of ['USDT', 'USDC', 'DAI', 'FDUSD', 'PYUSD', 'TUSD', 'EURC', 'USDE', 'USD1']) {
    assert.ok(isStableCoin(name), name);
  }
  for (const name of ['BTC', 'ETH', 'SUI', 'DASH', 'USUAL', 'SUSHI', 'MKR']) assert.ok(!isStableCoin(name), name);
});
