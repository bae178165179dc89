import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { isAbsurdMove, isAbsurdSpread, readPrice } from './mapper-quotes.ts';
import { priceSchema } from './schema.ts';

const euro = fxInstrument('EUR_USD');
const recorded = {
  type: 'PRICE',
  time: '2019-05-28T13:06:32.682119462Z',
  bids: [{ price: '1.11914', liquidity: 10000000 }],
  asks: [{ price: '1.11925', liquidity: 10000000 }],
  closeoutBid: '1.11899',
  closeoutAsk: '1.11940',
  status: 'tradeable',
  tradeable: true,
  instrument: 'EUR_USD',
};

function read(change: object) {
  return readPrice(priceSchema.parse({ ...recorded, ...change }), euro);
}

test('the recorded price is a quote of its first levels, not of its close-out prices', () => {
  assert.deepEqual(read({}), {
    type: 'quote',
    quote: { bidPrice: 111_914, askPrice: 111_925, venueAt: Date.UTC(2019, 4, 28, 13, 6, 32, 682) },
  });
});

test('older servers say whether it is tradeable in the status alone', () => {
  assert.equal(read({ tradeable: undefined }).type, 'quote');
  assert.equal(read({ tradeable: undefined, status: undefined }).type, 'quote');
  assert.deepEqual(read({ tradeable: undefined, status: 'non-tradeable' }), {
    type: 'closed',
    status: 'non-tradeable',
  });
  assert.deepEqual(read({ tradeable: undefined, status: 'invalid' }), { type: 'closed', status: 'invalid' });
  assert.deepEqual(read({ tradeable: false, status: undefined }), { type: 'closed', status: 'non-tradeable' });
});

test('F78: empty sides, prices that are none and crossed prices are no quote', () => {
  for (const [change, reason] of [
    [{ bids: [] }, 'EMPTY_SIDE'],
    [{ asks: [] }, 'EMPTY_SIDE'],
    [{ bids: [{ price: '0' }] }, 'BAD_PRICE'],
    [{ bids: [{ price: '-37.63' }] }, 'BAD_PRICE'],
    [{ asks: [{ price: '1e12' }] }, 'BAD_PRICE'],
    [{ asks: [{ price: '1.11913' }] }, 'CROSSED_PRICES'],
    [{ time: 'now' }, 'BAD_TIME'],
  ] as const)
    assert.deepEqual(read(change), { type: 'bad', reason });
});

test('a fifth is how far prices may move at once', () => {
  const quote = { bidPrice: 100_000, askPrice: 100_010, venueAt: 0 };
  assert.equal(isAbsurdMove({ ...quote, bidPrice: 80_000 }, quote), false);
  assert.equal(isAbsurdMove({ ...quote, bidPrice: 79_999 }, quote), true);
  assert.equal(isAbsurdMove({ ...quote, askPrice: 999_999_999 }, quote), true);
  assert.equal(isAbsurdSpread(quote), false);
  assert.equal(isAbsurdSpread({ ...quote, askPrice: 120_001 }), true);
});
