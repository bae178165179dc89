import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagOf, listOf, numberOf, settingOf, textOf } from './configuration-value.ts';
import { readConfiguration } from './read-configuration.ts';

const { values } = readConfiguration({ TRADEWIND_SPEED: '60', READ_ONLY: '1' });

test('each value comes out as its type', () => {
  assert.equal(numberOf(values, 'TRADEWIND_SPEED'), 60);
  assert.equal(textOf(values, 'TRADEWIND_HOST'), '127.0.0.1');
  assert.equal(listOf(values, 'HOTBAND_PAIRS').length, 8);
  assert.equal(flagOf(values, 'PULSE_ENABLED'), false);
  assert.equal(settingOf(values, 'MAX_SPREAD_BPS'), null);
});

test('the kill switch starts engaged live and released elsewhere', () => {
  assert.equal(flagOf(values, 'KILL_SWITCH', 'live'), true);
  assert.equal(flagOf(values, 'KILL_SWITCH', 'paper'), false);
  assert.equal(flagOf(values, 'KILL_SWITCH', 'backtest'), false);
});

test('a flag that is set is the same in every run', () => {
  assert.equal(flagOf(values, 'READ_ONLY', 'paper'), true);
});

test('the locks on orders are closed live', () => {
  assert.equal(flagOf(values, 'LIVE_TRADING_ENABLED', 'live'), false);
  assert.equal(flagOf(values, 'DRY_RUN_TRADES', 'live'), true);
});

test('asking for another type, a run left out or an unknown name is our mistake', () => {
  assert.throws(() => numberOf(values, 'TRADEWIND_HOST'), /is a number/);
  assert.throws(() => textOf(values, 'TRADEWIND_SPEED'), /is a text/);
  assert.throws(() => listOf(values, 'TRADEWIND_HOST'), /is a list/);
  assert.throws(() => flagOf(values, 'KILL_SWITCH'), /is a flag/);
  assert.throws(() => settingOf(values, 'ALLOC_TOPK'), /ALLOC_TOPK/);
});
