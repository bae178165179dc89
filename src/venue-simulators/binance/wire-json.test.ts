import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wireJson } from './wire-json.ts';

test('an order id beyond 2^53 is written with all its digits', () => {
  assert.equal(wireJson({ orderId: 8_389_766_145_050_669_870n }), '{"orderId":8389766145050669870}');
});

test('neighbouring ids stay apart, wherever they stand', () => {
  const text = wireJson([{ i: 8_389_766_145_050_669_870n }, [8_389_766_145_050_669_871n]]);
  assert.equal(text, '[{"i":8389766145050669870},[8389766145050669871]]');
});

test('other values are written as ever and undefined members are left out', () => {
  assert.equal(
    wireJson({ a: '0.10', b: 1.5, c: true, d: null, e: undefined }),
    '{"a":"0.10","b":1.5,"c":true,"d":null}',
  );
});
