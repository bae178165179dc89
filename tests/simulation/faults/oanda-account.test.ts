import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  codesOf,
  denials,
  entries,
  euro,
  impairedParts,
  type OandaDesk,
  posts,
  reduce,
  script,
  until,
  withDesk,
  yen,
} from '../../support/faulty-oanda.ts';
import { closedWantingOanda } from '../../support/wanting-desk.ts';

const minuteMs = 60_000;

/** What differed when the books were compared, each once. */
function differences({ day }: OandaDesk): readonly string[] {
  return [...new Set(day.of('venue.reconciled').flatMap((event) => event.differences))];
}

/** What came in and went out after the account was opened. */
function transfers({ day }: OandaDesk): readonly number[] {
  return day
    .of('balance.changed')
    .slice(1)
    .map(({ amount }) => amount);
}

test('F58: interest and transfers are told as what they are and are no difference of the books', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    const before = day.state.account.balance;
    wire.server.act('financing', { instrument: 'EUR_USD', amount: '-0.123400', days: 3 });
    wire.server.act('transfer', { amount: '2500.5' });
    wire.server.act('transfer', { amount: '-100' });
    await day.pass(120_000);
    assert.deepEqual(
      day.of('financing.charged').map(({ amount }) => amount),
      [-123_400],
    );
    assert.deepEqual(transfers(desk), [2_500_500_000, -100_000_000]);
    assert.equal(day.state.account.balance - before, 2_400_500_000 - 123_400);
    assert.deepEqual(differences(desk), []);
    assert.deepEqual(impairedParts(desk), []);
    assert.equal(day.state.kill.isEngaged, false);
  });
});

test('F58: money that moved while nothing could be heard is counted once', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    wire.network.setUp(false);
    wire.server.act('financing', { instrument: 'EUR_USD', amount: '1.000000', days: 1 });
    wire.server.act('transfer', { amount: '10' });
    await day.pass(20_000);
    wire.network.setUp(true);
    await day.pass(120_000);
    await day.stop();
    await day.open();
    assert.deepEqual(
      day.of('financing.charged').map(({ amount }) => amount),
      [1_000_000],
    );
    assert.deepEqual(transfers(desk), [10_000_000]);
  });
});

test('F64: a token that is taken away holds entries, is told, and is not asked with in a tight loop', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    wire.server.act('revokeToken', {});
    const asked = wire.requests.length;
    await desk.want({ EUR_USD: 2_000 });
    assert.ok('permission *' in day.state.impairments);
    assert.ok(denials(desk).includes('VENUE_IMPAIRED'));
    assert.equal(entries(desk).length, 1);
    assert.ok(wire.requests.length - asked < 120, `${wire.requests.length - asked} requests in two minutes`);
    wire.server.act('revokeToken', { isOn: false });
    await day.pass(180_000);
    assert.equal(desk.held(euro), 2_000);
  });
});

test('F11, F58: what was done at the account while the desk was stopped comes from its history, each at its own price', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    await desk.want({});
    await day.stop();
    wire.server.act('externalOrder', { instrument: 'EUR_USD', units: '-400' });
    wire.server.act('transfer', { amount: '10' });
    await day.pass(60_000);
    await day.open();
    assert.equal(desk.held(euro), 600);
    const [, reduction] = day.of('order.filled');
    assert.match(reduction?.clientOrderId ?? '', /^external-\d+$/);
    assert.deepEqual([reduction?.side, reduction?.quantity], ['sell', 400]);
    assert.notEqual(reduction?.realizedPnl, 0);
    assert.deepEqual(transfers(desk), [10_000_000]);
  });
});

for (const [what, action, parameters, expected] of [
  ['F64, F65: a token that this environment does not know', 'revokeToken', {}, /credentials/],
  ['F64: a locked account', 'lockAccount', {}, /'lock': expected open/],
  ['F52: a clock that is two seconds off', 'skewClock', { ms: 2_000 }, /'clock': expected/],
] as const) {
  test(`${what} keeps the desk from starting, and nothing is sent`, async () => {
    const desk = closedWantingOanda();
    try {
      desk.wire.server.act(action, parameters);
      await assert.rejects(desk.day.open(), expected);
      assert.deepEqual(
        desk.wire.requests.filter(({ method }) => method !== 'GET'),
        [],
      );
      assert.equal(desk.wire.counters.streamsOpened, 0);
    } finally {
      await desk.day.close();
    }
  });
}

test('F64: an account that is locked while it is traded holds entries until it takes an order again', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    wire.server.act('lockAccount', {});
    await desk.want({ EUR_USD: 2_000 });
    await day.pass(300_000);
    assert.ok('permission *' in day.state.impairments);
    assert.deepEqual(codesOf(desk), ['ACCOUNT_ORDER_CREATION_LOCKED'], 'it is not tried again and again');
    wire.server.act('lockAccount', { isOn: false });
    reduce(desk, euro, 500);
    await day.pass(1_000);
    assert.equal(day.state.impairments['permission *'], undefined, 'an exit has shown it');
    await desk.want({ EUR_USD: 2_000 });
    assert.equal(desk.held(euro), 2_000);
  });
});

test('F67, F72: more than the venue takes is refused once a decision, and denied here once the limit is known', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    wire.server.act('setInstrument', { instrument: 'EUR_USD', maximumQuantity: 500 });
    await desk.want({ EUR_USD: 1_000 });
    await day.pass(480_000);
    assert.ok(
      codesOf(desk).length >= 8 && codesOf(desk).length <= 10,
      `${codesOf(desk).length} refusals in ten minutes`,
    );
    assert.deepEqual([...new Set(codesOf(desk))], ['UNITS_LIMIT_EXCEEDED']);
    await day.pass(52 * minuteMs);
    const sent = posts(desk).length;
    assert.equal(day.of('instrument.changed')[0]?.instrument.maximumQuantity, 500);
    await day.pass(5 * minuteMs);
    assert.ok(denials(desk).includes('MAX_QUANTITY'));
    assert.equal(posts(desk).length, sent);
    await desk.want({ EUR_USD: 500 });
    assert.equal(desk.held(euro), 500);
  });
});

test('F68: a margin that does not suffice is asked for once a decision, and leaves nothing behind', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    wire.server.act('cancelNext', { reason: 'INSUFFICIENT_MARGIN', times: 1_000 });
    await desk.want({ EUR_USD: 1_000 });
    await day.pass(480_000);
    assert.ok(posts(desk).length >= 2 && posts(desk).length <= 10, `${posts(desk).length} orders in ten minutes`);
    assert.equal(day.of('order.filled').length, 0);
    await desk.want({});
  });
});

const emptyAccount = JSON.stringify({
  account: {
    ...{ id: '101-004-1435156-001', currency: 'USD', balance: '100000.000000', hedgingEnabled: false },
    ...{ marginCloseoutPercent: '0', positions: [], orders: [], trades: [], lastTransactionID: '5' },
  },
  lastTransactionID: '5',
});
for (const [what, status, body] of [
  ['an error', 500, '{"errorMessage":"no"}'],
  ['an account without positions named', 200, '{"account":{"id":"101-004-1435156-001"},"lastTransactionID":"5"}'],
  ['half an answer', 200, emptyAccount.slice(0, 120)],
  ['one empty account', 200, emptyAccount],
] as const) {
  test(`F70: ${what} is not taken for a flat account`, async () => {
    const fault = { type: 'answer', status, body } as const;
    const match = { method: 'GET', path: '/accounts/[^/]+$' } as const;
    await withDesk({ script: script({ at: 270_000, times: 1, match, fault }) }, async (desk) => {
      const { day } = desk;
      await desk.want({ EUR_USD: 1_000 });
      await desk.want({});
      await until(desk, 360_000);
      assert.equal(desk.held(euro), 1_000);
      assert.equal(day.of('order.filled').length, 1);
      assert.equal(day.of('order.canceled').length, 0);
      assert.deepEqual(differences(desk), []);
    });
  });
}

test('F71: an instrument that is halted is not added to, and what was to be closed is closed after it', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000, USD_JPY: 1_000 });
    wire.server.act('halt', { instrument: 'EUR_USD' });
    await day.pass(10_000);
    assert.ok(`market ${euro}` in day.state.impairments);
    const sent = posts(desk).length;
    await desk.want({ EUR_USD: 2_000, USD_JPY: 1_500 });
    assert.deepEqual([desk.held(euro), desk.held(yen)], [1_000, 1_500], 'the other one goes on');
    assert.equal(posts(desk).length, sent + 1);
    await desk.want({ EUR_USD: 0, USD_JPY: 1_500 });
    assert.equal(desk.held(euro), 1_000);
    wire.server.act('resume', { instrument: 'EUR_USD' });
    await day.pass(120_000);
    assert.equal(desk.held(euro), 0);
  });
});

test('F72: margins and sizes that the venue changes are known within the hour', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    wire.server.act('setInstrument', { instrument: 'EUR_USD', minimumQuantity: 100, marginRate: 0.5 });
    await day.pass(61 * minuteMs);
    const [changed] = day.of('instrument.changed');
    assert.deepEqual(
      [changed?.instrument.id, changed?.instrument.minimumQuantity, changed?.isTrading],
      [euro, 100, true],
    );
    assert.equal(day.state.markets[euro]?.instrument.minimumQuantity, 100);
    await desk.want({ EUR_USD: 50 });
    assert.equal(desk.held(euro), 0);
    assert.deepEqual([...new Set(codesOf(desk))], ['DENIED_MIN_QUANTITY']);
    assert.equal(posts(desk).length, 0, 'too little is not sent');
    await desk.want({ EUR_USD: 100 });
    assert.equal(desk.held(euro), 100);
  });
});
