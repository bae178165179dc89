import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOfTheHouse, originsOf } from './oanda-options.ts';

const elsewhere = { rest: 'https://rest.oanda.test', stream: 'https://stream.oanda.test' };

test('F65: a key of practice or live goes to the hosts of its environment, whatever else is given', () => {
  assert.deepEqual(originsOf({ environment: 'practice', origins: elsewhere }), {
    rest: 'https://api-fxpractice.oanda.com',
    stream: 'https://stream-fxpractice.oanda.com',
  });
  assert.deepEqual(originsOf({ environment: 'live' }), {
    rest: 'https://api-fxtrade.oanda.com',
    stream: 'https://stream-fxtrade.oanda.com',
  });
});

test('a simulator is where it says', () => {
  assert.deepEqual(originsOf({ environment: 'simulated', origins: elsewhere }), elsewhere);
  assert.throws(() => originsOf({ environment: 'simulated' }), /where it listens/);
});

test('ids of the house are known by their beginning', () => {
  assert.equal(isOfTheHouse('tw-abc-1'), true);
  assert.equal(isOfTheHouse('manual'), false);
});
