import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quarantined, redacted } from './quarantine.ts';

test('a piece of what was not understood is kept, up to a bound', () => {
  const input = quarantined('bars', 'REVISED_BAR', 'x '.repeat(2_000));
  assert.ok(input.type === 'message.quarantined');
  assert.equal(input.excerpt.length, 500);
});

test('nothing that may be a secret is in it (F107)', () => {
  const key = 'dbefbc809e3e83c283a984c3a1459732ea7db1360ca80c5c2c8867408d28cc83';
  const texts = [
    `https://host/fapi/v1/order?symbol=A&timestamp=1&signature=${key}`,
    `{"listenKey":"short-key","e":"listenKeyExpired"}`,
    `/private/ws?listenKey=short-key&x=1`,
    `apiKey: short-key`,
    `X-MBX-APIKEY ${key}`,
  ];
  for (const text of texts) {
    assert.ok(!redacted(text).includes('short-key') && !redacted(text).includes(key), redacted(text));
  }
  assert.equal(
    redacted('{"e":"ORDER_TRADE_UPDATE","i":8389766145050669870}'),
    '{"e":"ORDER_TRADE_UPDATE","i":8389766145050669870}',
  );
});
