import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  codesOf,
  denials,
  entries,
  euro,
  type OandaDesk,
  posts,
  reduce,
  script,
  until,
  withDesk,
  yen,
} from '../../support/faulty-oanda.ts';

const minuteMs = 60_000;
const faultAt = 150_000;

/** Reasons for which something was put aside, each once. */
function reasons({ day }: OandaDesk): readonly string[] {
  return [...new Set(day.of('message.quarantined').map(({ reason }) => reason))];
}

/** Every bar that was taken in since the desk was opened is one that the venue has, each once and in order; gaps are not filled. */
function assertBars({ day, wire }: OandaDesk, instrument: string): number {
  const bars = day.of('bar.closed').filter((bar) => bar.instrument === instrument && bar.openAt >= wire.openedAt);
  const instants = bars.map(({ openAt }) => openAt);
  assert.deepEqual(
    instants,
    [...new Set(instants)].sort((left, right) => left - right),
  );
  for (const { openAt, open, high, low, close, at } of bars) {
    assert.ok(at >= openAt + minuteMs, 'no bar before its end');
    const [own] = wire.floor.history(instrument, openAt, openAt + minuteMs);
    assert.ok(own !== undefined, new Date(openAt).toISOString());
    // The floor's bars are of bids and the desk's of mids: half of a spread lies between them, everywhere the same.
    const apart = open - own.open;
    assert.ok(apart >= 0 && apart <= 10);
    assert.deepEqual([high - own.high, low - own.low, close - own.close], [apart, apart, apart]);
  }
  return bars.length;
}

test('F74, F75: prices are written in whole ticks and quantities in whole units, however they were come by', async () => {
  await withDesk({}, async (desk) => {
    const fractions = [0.010_001, 0.009_77, 0.011_113, 0.012_345_6, 0.013_000_7];
    for (const [index, stopFraction] of fractions.entries()) {
      await desk.want(
        { EUR_USD: (index + 1) * 1_000, USD_JPY: -(index + 1) * 777 },
        { stopFraction, targetFraction: stopFraction * 1.1 },
      );
    }
    assert.deepEqual(codesOf(desk), []);
    assert.equal(entries(desk).length, 10);
    for (const { body } of posts(desk)) {
      const { order } = JSON.parse(body) as Wish;
      const decimals = order.instrument === 'USD_JPY' ? 3 : 5;
      assert.match(order.units, /^-?\d+$/);
      for (const price of [order.stopLossOnFill?.price, order.takeProfitOnFill?.price])
        assert.match(price ?? '', new RegExp(`^\\d+\\.\\d{${decimals}}$`));
    }
  });
});

interface Wish {
  readonly order: {
    readonly instrument: string;
    readonly units: string;
    readonly stopLossOnFill?: { readonly price: string };
    readonly takeProfitOnFill?: { readonly price: string };
  };
}

test('F76: an instrument that is suddenly counted in other units is not traded any more', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    wire.server.act('setInstrument', { instrument: 'EUR_USD', unitsDecimals: 1 });
    await day.pass(61 * minuteMs);
    await desk.want({ EUR_USD: 1_000, USD_JPY: 1_000 });
    assert.deepEqual([desk.held(euro), desk.held(yen)], [0, 1_000]);
    assert.ok(denials(desk).length > 0);
    return Object.keys(day.state.impairments).filter((key) => key === `instrument ${euro}`);
  });
});

for (const [what, bids, asks] of [
  ['no prices', [], []],
  ['no bid', [], ['1.08340']],
  ['a price of nothing', ['0'], ['0']],
  ['a negative price', ['-37.63'], ['-37.60']],
  ['an absurd price', ['1000000000000'], ['1000000000001']],
  ['a crossed book', ['1.08400'], ['1.08300']],
  ['a price half as high again', ['1.60000'], ['1.60010']],
] as const) {
  test(`F78: ${what} is never traded on, and never told as a quote`, async () => {
    await withDesk({}, async (desk) => {
      const { day, wire } = desk;
      await desk.want({ EUR_USD: 1_000 });
      const told = day.of('quote.updated').length;
      wire.server.act('oddPrice', { instrument: 'EUR_USD', bids: [...bids], asks: [...asks] });
      await day.pass(4_000);
      const odd = day
        .of('quote.updated')
        .slice(told)
        .filter(({ instrument }) => instrument === euro);
      assert.ok(odd.every(({ bidPrice, askPrice }) => bidPrice > 107_000 && bidPrice < askPrice && askPrice < 110_000));
      if (what !== 'no prices' && what !== 'no bid') assert.ok(reasons(desk).length > 0);
      wire.server.act('oddPrice', { instrument: 'EUR_USD' });
      await day.pass(70_000);
      await desk.want({ EUR_USD: 1_500 });
      assert.equal(desk.held(euro), 1_500);
    });
  });
}

test('F78: an instrument without a good price for a minute is not added to, and exits go', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    wire.server.act('oddPrice', { instrument: 'EUR_USD', bids: ['0'], asks: ['0'] });
    await day.pass(70_000);
    assert.ok(`prices ${euro}` in day.state.impairments);
    await desk.want({ EUR_USD: 2_000 });
    assert.equal(desk.held(euro), 1_000);
    reduce(desk, euro, 400);
    await day.pass(1_000);
    assert.equal(desk.held(euro), 600);
    wire.server.act('oddPrice', { instrument: 'EUR_USD' });
  });
});

test('F79: what is no number is put aside before anything is made of it', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    for (const text of ['NaN', 'Infinity', '1e400', '', 'undefined', '-0']) {
      wire.server.act('oddPrice', { instrument: 'EUR_USD', bids: [text], asks: [text] });
      await day.pass(5_000);
    }
    assert.ok(day.of('message.quarantined').length > 0);
    assert.ok(day.of('quote.updated').every(({ bidPrice, askPrice }) => Number.isSafeInteger(bidPrice + askPrice)));
    wire.server.act('oddPrice', { instrument: 'EUR_USD' });
    await day.pass(minuteMs);
  });
});

test('F79: a balance that is no number changes nothing', async () => {
  const account = { id: '101-004-1435156-001', currency: 'USD', balance: 'NaN', positions: [], orders: [], trades: [] };
  const body = JSON.stringify({ account: { ...account, lastTransactionID: '5' }, lastTransactionID: '5' });
  const match = { method: 'GET', path: '/accounts/[^/]+$' } as const;
  await withDesk(
    { script: script({ at: faultAt, times: 3, match, fault: { type: 'answer', status: 200, body } }) },
    async (desk) => {
      await desk.want({ EUR_USD: 1_000 });
      await until(desk, faultAt + 70_000);
      assert.equal(desk.held(euro), 1_000);
      assert.ok(desk.day.notices.some((text) => text.startsWith('the books were not compared')));
      assert.equal(desk.day.state.account.balance, 100_000_000_000);
    },
  );
});

for (const [title, mode, reason] of [
  ['F80: candles that are said twice', 'duplicate', 'DUPLICATE_BAR'],
  ['F80: candles of which some are missing', 'missing', null],
  ['F80: candles in another order', 'unordered', 'UNORDERED_BAR'],
  ['F80: candles that overlap', 'overlapping', 'BAD_BAR_TIME'],
  ['F80: answers without candles', 'empty', null],
  ['F81: candles that are not complete', 'unclosed', null],
  ['F82: candles of tomorrow', 'future', 'FUTURE_BAR'],
  ['F82: candles with their times in nanoseconds', 'nanoseconds', 'BAD_BAR_TIME'],
] as const) {
  test(`${title} leave every bar taken in once, in order and true`, async () => {
    await withDesk({}, async (desk) => {
      const { day, wire, clock } = desk;
      const asked = wire.requests.length;
      wire.server.act('candles', { mode, times: 10 });
      await day.pass(5 * minuteMs);
      const answers = wire.requests.slice(asked).filter(({ path }) => path.includes('/candles'));
      assert.ok(answers.length >= 10, 'every spoilt answer was given');
      assert.deepEqual(reasons(desk), reason === null ? [] : [reason]);
      assert.ok(day.run.at <= clock.now(), 'data never moves the clock');
      await desk.want({ EUR_USD: 1_000 });
      await day.pass(3 * minuteMs);
      assert.equal(desk.held(euro), 1_000);
      const count = assertBars(desk, euro);
      assert.ok(count >= 6, `${count} bars`);
      assertBars(desk, yen);
    });
  });
}

test('F80: candles that were missing while the venue could not be asked are taken in when it can', async () => {
  const away = { at: faultAt, for: 180_000, match: { path: '/candles' }, fault: { type: 'loseRequest' } } as const;
  await withDesk({ script: script(away) }, async (desk) => {
    await until(desk, faultAt + 170_000);
    assert.ok('history *' in desk.day.state.impairments);
    const before = assertBars(desk, euro);
    await until(desk, faultAt + 300_000);
    assert.ok(assertBars(desk, euro) >= before + 3);
  });
});

test('F83: a bar that the venue says otherwise later is put aside, and nothing is decided anew', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    const sent = posts(desk).length;
    wire.server.act('candles', { mode: 'revised', times: 20 });
    await day.pass(8 * minuteMs);
    assert.ok(reasons(desk).includes('REVISED_BAR'));
    assert.ok(assertBars(desk, euro) >= 8);
    assert.equal(posts(desk).length, sent);
  });
});

test('F86: fields that nobody knows are read over, everywhere', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    wire.server.act('extraFields', {});
    await day.stop();
    await day.open();
    await desk.want({ EUR_USD: 1_000, USD_JPY: -500 });
    wire.server.act('externalOrder', { instrument: 'EUR_USD', units: '250' });
    await desk.want({ EUR_USD: 400, USD_JPY: 0 });
    assert.deepEqual([desk.held(euro), desk.held(yen)], [400, 0]);
    assert.deepEqual(reasons(desk), []);
    assert.deepEqual(denials(desk), []);
  });
});

for (const field of ['price', 'units', 'instrument', 'orderID']) {
  test(`F87: a fill without '${field}' is put aside and never counted with a zero in its place`, async () => {
    const fill: Record<string, unknown> = {
      ...{ id: '30', batchID: '30', type: 'ORDER_FILL', time: '2026-01-14T09:02:30.000000000Z', orderID: '29' },
      ...{ instrument: 'EUR_USD', units: '5', price: '1.08340', accountBalance: '100000.0000', reason: 'MARKET_ORDER' },
      tradeOpened: { tradeID: '30', units: '5', price: '1.08340' },
    };
    delete fill[field];
    if (field === 'price') fill['tradeOpened'] = { tradeID: '30', units: '5' };
    const told = {
      at: faultAt,
      fault: { type: 'inject', stream: 'transactions', text: JSON.stringify(fill) },
    } as const;
    await withDesk({ script: script(told) }, async (desk) => {
      await desk.want({ EUR_USD: 1_000 });
      await until(desk, faultAt + 1_000);
      assert.equal(desk.held(euro), 1_000);
      assert.equal(desk.day.of('message.quarantined').length, 1);
      assert.equal(desk.day.of('order.filled').length, 1);
    });
  });
}

test('F87: a fill without a balance is counted with the one that is known, which the books mend', async () => {
  const fill = {
    ...{ id: '30', batchID: '30', type: 'ORDER_FILL', time: '2026-01-14T09:02:30.000000000Z', orderID: '29' },
    ...{ instrument: 'EUR_USD', units: '5', price: '1.08340', reason: 'MARKET_ORDER' },
    tradeOpened: { tradeID: '30', units: '5', price: '1.08340' },
  };
  const told = { at: faultAt, fault: { type: 'inject', stream: 'transactions', text: JSON.stringify(fill) } } as const;
  await withDesk({ script: script(told) }, async (desk) => {
    const { day } = desk;
    await desk.want({ EUR_USD: 1_000 });
    await until(desk, faultAt + 1_000);
    assert.equal(day.of('order.filled').length, 2);
    await desk.want({});
    assert.ok(day.of('order.filled').every(({ balance }) => balance > 99_000_000_000));
  });
});
