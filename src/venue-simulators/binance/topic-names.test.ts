import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTopic, routeOf } from './topic-names.ts';

function routeOfName(name: string): string | undefined {
  const topic = parseTopic(name);
  return topic === undefined ? undefined : routeOf(topic);
}

test('quotes and books are public, everything else of markets is not', () => {
  for (const name of ['btcusdt@bookTicker', '!bookTicker', 'btcusdt@depth', 'btcusdt@depth20@100ms']) {
    assert.equal(routeOfName(name), 'public');
  }
  for (const name of ['btcusdt@kline_1m', 'btcusdt@aggTrade', 'btcusdt@markPrice@1s', '!ticker@arr', '!contractInfo']) {
    assert.equal(routeOfName(name), 'market');
  }
});

test('a name says the symbol and how often', () => {
  assert.deepEqual(parseTopic('btcusdt@depth5@500ms'), {
    type: 'depth',
    levels: 5,
    everyMs: 500,
    name: 'btcusdt@depth5@500ms',
    streamName: 'btcusdt',
  });
  assert.deepEqual(parseTopic('btcusdt@markPrice'), {
    type: 'markPrice',
    everyMs: 3_000,
    name: 'btcusdt@markPrice',
    streamName: 'btcusdt',
  });
  assert.deepEqual(parseTopic('btcusdt_perpetual@continuousKline_1h'), {
    type: 'kline',
    interval: '1h',
    isContinuous: true,
    name: 'btcusdt_perpetual@continuousKline_1h',
    streamName: 'btcusdt',
  });
});

test('what is no stream is none', () => {
  for (const name of ['0', '', 'btcusdt', '@bookTicker', 'btcusdt@kline', 'btcusdt@depth7', 'btcusdt@depth@1ms']) {
    assert.equal(parseTopic(name), undefined);
  }
});
