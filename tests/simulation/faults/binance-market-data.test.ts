import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { queryText, signedQuery, signerOf } from '#adapters/binance/signing.ts';
import type { Event } from '#domain/events.ts';
import { accountFigures } from '#engine/account.ts';
import {
  act,
  asked,
  type BinanceDesk,
  bitcoin,
  codesOf,
  denials,
  entries,
  ether,
  exits,
  firstAt,
  heldBack,
  impairedParts,
  posts,
  script,
  secondAt,
  stopsOf,
  until,
  wish,
  withDesk,
} from '../../support/faulty-binance.ts';
import { settle } from '../../support/live-venue-scene.ts';
import { closedWantingBinance, openWantingBinance } from '../../support/wanting-desk.ts';

function bars({ day }: BinanceDesk, instrument: string): readonly Extract<Event, { type: 'bar.closed' }>[] {
  return day.of('bar.closed').filter((bar) => bar.instrument === instrument);
}

test('F71: nothing is added to an instrument that is halted, and what is held is closed once it trades again', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    act(desk, 'haltSymbol', { symbol: 'BTCUSDT', on: true });
    wish(desk, { BTCUSDT: 200, ETHUSDT: 200 });
    await until(desk, 240_000);
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [100, 200]);
    assert.ok(heldBack(desk).includes('prices') || heldBack(desk).includes('market'));
    act(desk, 'haltSymbol', { symbol: 'BTCUSDT', on: false });
    await until(desk, 400_000);
    assert.equal(desk.held(bitcoin), 200);
    await desk.want({ BTCUSDT: 0, ETHUSDT: 200 });
    assert.equal(desk.held(bitcoin), 0);
  });
});

test('F71: an instrument that is being settled is not added to, and what is held can be closed before its end', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    act(desk, 'settling', { symbol: 'BTCUSDT' });
    await desk.want({ BTCUSDT: 200 });
    assert.equal(desk.held(bitcoin), 100);
    await desk.day.pass(120_000);
    assert.ok(heldBack(desk).includes('market'));
    await desk.want({ BTCUSDT: 0 });
    assert.equal(desk.held(bitcoin), 0);
    act(desk, 'settling', { symbol: 'BTCUSDT', status: 'TRADING' });
    await desk.day.pass(3_600_000);
  });
});

test('F72: filters that change are read at the first refusal for them and hold from then on', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'changeFilters', { symbol: 'BTCUSDT', stepSize: '0.010', minQuantity: '0.010' });
    const before = asked(desk, 'GET', '/fapi/v1/exchangeInfo').length;
    wish(desk, { BTCUSDT: 105 });
    await until(desk, 80_000);
    assert.equal(codesOf(desk)[0], '-4023');
    assert.ok(asked(desk, 'GET', '/fapi/v1/exchangeInfo').length > before);
    assert.equal(desk.day.state.markets[bitcoin]?.instrument.lotSize, 10);
    wish(desk, { BTCUSDT: 110 });
    await until(desk, 160_000);
    assert.equal(desk.held(bitcoin), 110);
  });
});

test('F73: two orders whose ids differ beyond what a number holds stay two, from the wire to the journal', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100, ETHUSDT: 200 });
    const fills = desk.day.of('order.filled').map(({ venueOrderId }) => venueOrderId);
    assert.deepEqual(fills, ['8389766145050669870', '8389766145050669871']);
    assert.equal(Number(fills[0]), Number(fills[1]), 'as numbers they would be one');
    const kept = entries(desk).map(({ order }) => desk.day.state.orders.get(order.clientOrderId)?.venueOrderId);
    assert.deepEqual(kept, fills);
    await desk.want({ BTCUSDT: 0, ETHUSDT: 200 });
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [0, 200]);
  });
});

test('F74, F75: prices and quantities leave as whole ticks and steps in plain decimals', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 111, ETHUSDT: -333 });
    await desk.want({ BTCUSDT: 37, ETHUSDT: 333 });
    await desk.want({ BTCUSDT: 0, ETHUSDT: 333 });
    const figures = posts(desk).flatMap(({ query }) => {
      const parameters = new URLSearchParams(query);
      return ['quantity', 'price', 'triggerPrice'].flatMap((name) => parameters.get(name) ?? []);
    });
    assert.ok(figures.length >= 8);
    for (const figure of figures) assert.match(figure, /^\d+(\.\d{1,3})?$/);
    const prices = posts(desk).flatMap(({ query }) => new URLSearchParams(query).get('triggerPrice') ?? []);
    for (const price of prices) assert.match(price, /^\d+(\.\d{1,2})?$/);
    assert.deepEqual(codesOf(desk), []);
  });
});

test('F75: a quantity that is off the step of the venue does not leave', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'changeFilters', { symbol: 'BTCUSDT', stepSize: '0.002', minQuantity: '0.002' });
    await desk.day.stop();
    await desk.day.open();
    assert.equal(desk.day.state.markets[bitcoin]?.instrument.lotSize, 2);
    await desk.want({ BTCUSDT: 101 });
    assert.deepEqual(
      posts(desk).filter(({ query }) => query.includes('quantity=0.101')),
      [],
    );
    wish(desk, { BTCUSDT: 102 });
    await desk.day.pass(120_000);
    assert.equal(desk.held(bitcoin), 102);
  });
});

test('F72: a desk whose instrument the venue counts in other decimals now does not start with books of the old ones', async () => {
  const desk = await openWantingBinance();
  try {
    await desk.want({ BTCUSDT: 100 });
    await desk.day.stop();
    act(desk, 'changeFilters', { symbol: 'BTCUSDT', stepSize: '0.010', minQuantity: '0.010' });
    const sent = posts(desk).length;
    await assert.rejects(desk.day.open(), /counted otherwise .* expected .* 3 of quantity, found .* 2 of quantity/);
    assert.equal(posts(desk).length, sent);
    assert.equal(desk.wire.venue.openConditionalOrders, 1, 'the stop stays');
  } finally {
    await desk.day.close();
  }
});

test('F77: a market order beyond the limit of market orders is refused in our own house', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'changeFilters', { symbol: 'BTCUSDT', marketMaxQuantity: '0.050' });
    await desk.day.stop();
    await desk.day.open();
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(posts(desk).length, 0);
    wish(desk, { BTCUSDT: 50 });
    await desk.day.pass(120_000);
    assert.equal(desk.held(bitcoin), 50);
  });
});

for (const price of ['0', '-37.63', '1000000000000', 'NaN', '']) {
  test(`F78: a price of '${price}' is set aside and nothing is decided by it`, async () => {
    await withDesk({}, async (desk) => {
      await desk.want({ BTCUSDT: 100 });
      const mid = desk.day.state.markets[bitcoin]?.bidPrice ?? 0;
      for (let index = 0; index < 5; index += 1) {
        act(desk, 'absurdPrice', { symbol: 'BTCUSDT', price });
        act(desk, 'absurdPrice', { symbol: 'BTCUSDT', price, stream: 'markPrice' });
      }
      await desk.day.pass(100);
      const after = desk.day.state.markets[bitcoin]?.bidPrice ?? 0;
      assert.ok(Math.abs(after - mid) < mid / 100);
      assert.ok(desk.day.of('message.quarantined').length >= 1);
      await desk.want({ BTCUSDT: 120 });
      assert.equal(desk.held(bitcoin), 120);
    });
  });
}

test('F78: a crossed book and an empty one are set aside', async () => {
  await withDesk({ depth: true }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    act(desk, 'crossedBook', { symbol: 'BTCUSDT', ticks: 100 });
    act(desk, 'emptyBook', { symbol: 'BTCUSDT' });
    await desk.day.pass(10);
    const market = desk.day.state.markets[bitcoin];
    assert.ok((market?.bidPrice ?? 1) <= (market?.askPrice ?? 0));
    assert.ok(desk.day.of('message.quarantined').length >= 1);
  });
});

test('F79: figures that are no numbers never reach a decision', async () => {
  const wrong = ['NaN', 'Infinity', '1e400', 'undefined', '-0'];
  const faults = wrong.map((figure, index) => ({
    at: 60_000 + index * 100,
    fault: {
      ...({ type: 'inject', stream: '/public/' } as const),
      text: `{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":${9e15 + index},"s":"BTCUSDT","b":"${figure}","B":"1","a":"${figure}","A":"1","T":1,"E":1}}`,
    },
  }));
  await withDesk({ script: script(...faults) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    assert.ok(desk.day.of('message.quarantined').length >= wrong.length);
    for (const quote of desk.day.of('quote.updated'))
      assert.ok(Number.isSafeInteger(quote.bidPrice) && quote.bidPrice > 0);
    assert.equal(desk.held(bitcoin), 100);
    await desk.want({ BTCUSDT: 0 });
    assert.equal(desk.held(bitcoin), 0);
  });
});

test('F80: bars come once each and in order, and those that were missed are fetched', async () => {
  const faults = [
    { at: 60_000, for: 130_000, fault: { type: 'duplicate', stream: '/market/', only: 'kline' } },
    { at: 200_000, for: 130_000, fault: { type: 'stall', stream: '/market/', only: 'kline' } },
    { at: 340_000, for: 130_000, fault: { type: 'reorder', stream: '/market/', only: 'kline', windowMs: 2_000 } },
  ] as const;
  await withDesk({ script: script(...faults) }, async (desk) => {
    await until(desk, 600_000);
    for (const instrument of [bitcoin, ether]) {
      const opens = bars(desk, instrument).map(({ openAt }) => openAt);
      const first = opens[0] ?? 0;
      assert.deepEqual(
        opens,
        opens.map((_, index) => first + index * 60_000),
        'no bar twice, none missing',
      );
    }
  });
});

test('F81: a bar that is still open is not taken for a closed one', async () => {
  await withDesk({}, async (desk) => {
    await until(desk, 90_000);
    const before = bars(desk, bitcoin).length;
    for (let index = 0; index < 5; index += 1) act(desk, 'openKline', { symbol: 'BTCUSDT' });
    await until(desk, 119_000);
    assert.equal(bars(desk, bitcoin).length, before);
    await until(desk, 121_000);
    assert.equal(bars(desk, bitcoin).length, before + 1);
  });
});

for (const [name, parameters] of [
  ['a day ahead', { ms: 86_400_000, factor: 1 }],
  ['in microseconds', { ms: 0, factor: 1_000 }],
] as const) {
  test(`F82: a bar whose time is ${name} is set aside and moves no clock`, async () => {
    await withDesk({}, async (desk) => {
      await until(desk, 90_000);
      const before = bars(desk, bitcoin).length;
      act(desk, 'futureKline', { symbol: 'BTCUSDT', ...parameters });
      await desk.day.pass(100);
      assert.equal(bars(desk, bitcoin).length, before);
      assert.ok(desk.day.of('message.quarantined').length >= 1);
      assert.ok(desk.day.state.at <= desk.clock.now());
      await desk.want({ BTCUSDT: 100 });
      assert.equal(desk.held(bitcoin), 100);
    });
  });
}

test('F83: a closed bar that is told otherwise later changes neither bar nor decision', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    const before = bars(desk, bitcoin).length;
    const orders = entries(desk).length;
    act(desk, 'reviseKline', { symbol: 'BTCUSDT', ticks: 50 });
    await desk.day.pass(10_000);
    assert.equal(bars(desk, bitcoin).length, before);
    assert.equal(entries(desk).length, orders);
  });
});

test('F84: profit and margin go by the mark where it stands apart from the last price', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    act(desk, 'divergeMark', { symbol: 'BTCUSDT', fraction: 0.1 });
    await desk.day.pass(3_000);
    const { state } = desk.day;
    const mark = state.venueMarkets[bitcoin]?.markPrice ?? 0;
    assert.ok(mark > (state.markets[bitcoin]?.bidPrice ?? 0) * 1.09);
    const figures = accountFigures(state, { accountCurrency: 'USDT', moneyDecimals: 8 });
    // A tick is a cent and a step a thousandth: their product is a hundred-thousandth of the currency.
    assert.equal(figures.unrealizedPnl, (mark * 100 - (state.positions[bitcoin]?.cost ?? 0)) * 1_000);
    assert.equal(figures.marginUsed, mark * 100 * 1_000 * 0.2);
    act(desk, 'divergeMark', { symbol: 'BTCUSDT', fraction: 0 });
    await desk.day.pass(60_000);
    assert.equal(desk.held(bitcoin), 100);
  });
});

test('F85: a symbol that is not plain is encoded before it is signed', () => {
  const query = queryText({ symbol: '币安人生USDT', side: 'BUY', timestamp: 1 });
  assert.match(query, /^symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&side=BUY&timestamp=1$/);
  const signature = createHmac('sha256', 'a secret').update(query).digest('hex');
  assert.equal(signedQuery(query, '', signerOf('a secret')), `${query}&signature=${signature}`);
});

test('F85: a symbol that is not plain among the listed ones is no instrument, and hides no other', async () => {
  const desk = closedWantingBinance({ coins: ['BTC', '币安人生'] });
  try {
    await assert.rejects(desk.day.open(), /a listed perpetual .* is expected, found '币安人生USDT'/);
    assert.deepEqual(posts(desk), []);
    const port = desk.wire.openPort();
    const [listed] = await settle(desk.clock, port.instruments(['BTCUSDT']));
    assert.equal(listed?.id, bitcoin);
    await port.close();
  } finally {
    await desk.day.close();
  }
});

test('F86: fields that nobody knows are passed over', async () => {
  const text = JSON.stringify({
    stream: 'btcusdt@markPrice@1s',
    data: {
      e: 'markPriceUpdate',
      E: 1,
      s: 'BTCUSDT',
      p: '50000.00',
      i: '50000.00',
      r: '0.0001',
      T: 1,
      st: 1,
      nq: 'x',
      rateType: {},
    },
  });
  const faults = [
    { at: 60_000, fault: { type: 'inject', stream: '/market/', text } },
    {
      at: secondAt,
      fault: {
        type: 'inject',
        stream: '/private/',
        text: '{"e":"TRADE_LITE","E":1,"st":2,"s":"BTCUSD_PERP","ps":"BTCUSD"}',
      },
    },
  ] as const;
  await withDesk({ script: script(...faults) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    await desk.want({ BTCUSDT: 0 });
    assert.equal(desk.held(bitcoin), 0);
    assert.deepEqual(desk.day.of('message.quarantined'), []);
  });
});

test('F87: an average price that the venue does not tell any more is never taken for zero', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    const position = desk.day.state.positions[bitcoin];
    const [fill] = desk.day.of('order.filled');
    assert.equal(position?.cost, (fill?.price ?? 0) * 100);
    await desk.want({ BTCUSDT: 0 });
    assert.equal(exits(desk).length, 1);
    assert.ok(desk.day.of('order.filled').every(({ price }) => price > 0));
    assert.deepEqual([denials(desk), impairedParts(desk).filter((part) => part !== 'account')], [[], []]);
    assert.ok(firstAt > 0 && stopsOf(desk, bitcoin).length === 0);
  });
});
