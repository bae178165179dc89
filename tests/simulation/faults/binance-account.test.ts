import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  act,
  answer,
  asked,
  assertWell,
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
import { closedWantingBinance, type WantingBinanceOptions } from '../../support/wanting-desk.ts';

/** A desk that must not open: why, and that it has sent nothing. */
async function refused(
  options: WantingBinanceOptions,
  reason: RegExp,
  act: (desk: BinanceDesk) => void = () => undefined,
): Promise<void> {
  const desk = closedWantingBinance(options);
  try {
    act(desk);
    await assert.rejects(desk.day.open(), reason);
    assert.deepEqual(posts(desk), []);
  } finally {
    await desk.day.close();
  }
}

test('F58: funding moves the balance by what the venue says, and is neither a theft nor a profit', async () => {
  await withDesk({ startAt: Date.UTC(2026, 0, 14, 15, 55) }, async (desk) => {
    await desk.want({ BTCUSDT: 100, ETHUSDT: -200 });
    await desk.day.pass(400_000);
    const fundings = desk.day.of('financing.charged');
    assert.deepEqual(fundings.map(({ instrument }) => instrument).toSorted(), [bitcoin, ether]);
    const paid = fundings.reduce((sum, { amount }) => sum + amount, 0);
    assert.notEqual(paid, 0);
    assert.equal(desk.day.of('balance.changed').filter(({ reason }) => reason !== 'OPENING').length, 0);
    assert.deepEqual(impairedParts(desk), []);
  });
});

test('F58: funding that was missed is made up for once', async () => {
  const deaf = { at: 200_000, for: 200_000, fault: { type: 'stall', stream: '/private/' } } as const;
  await withDesk({ startAt: Date.UTC(2026, 0, 14, 15, 55), script: script(deaf) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    await desk.day.pass(600_000);
    assert.equal(desk.day.of('financing.charged').length, 1);
  });
});

test('F59: the desk does not start at an account in hedge mode', async () => {
  await refused({}, /positionMode.*hedge mode/, (desk) => act(desk, 'hedgeMode', { on: true }));
});

test('F59: an account that is put into hedge mode is noticed, and entries wait until it is put back', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'hedgeMode', { on: true });
    await until(desk, 310_000);
    assert.deepEqual(heldBack(desk), ['accountMode']);
    await desk.want({ BTCUSDT: 100 });
    assert.equal(entries(desk).length, 0);
    assert.deepEqual(denials(desk), ['VENUE_IMPAIRED']);
    act(desk, 'hedgeMode', { on: false });
    await desk.day.pass(400_000);
    assert.deepEqual(heldBack(desk), []);
    assert.equal(desk.held(bitcoin), 100);
  });
});

test('F59: an order that is refused for the mode of the account tells of it at once', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'hedgeMode', { on: true });
    await desk.want({ BTCUSDT: 100 });
    assert.deepEqual(codesOf(desk), ['-4061']);
    assert.deepEqual(heldBack(desk), ['accountMode']);
    assert.equal(entries(desk).length, 1);
    act(desk, 'hedgeMode', { on: false });
    await desk.day.pass(400_000);
    assert.equal(desk.held(bitcoin), 100);
  });
});

test('F60: what is told to be so already is no failure', async () => {
  const already = {
    ...{ at: 0, for: 20_000, match: { method: 'POST', path: 'marginType' } as const },
    fault: { ...answer(400, -4046, 'No need to change margin type.'), isCarriedOut: true },
  } as const;
  const desk = closedWantingBinance({ script: script(already) });
  try {
    act(desk, 'marginTypeChanged', { symbol: 'BTCUSDT', isolated: false });
    await desk.day.open();
    desk.day.letTrade();
    assert.deepEqual(
      asked(desk, 'POST', '/fapi/v1/marginType').map(({ query }) => /symbol=(\w+)/.exec(query)?.[1]),
      ['BTCUSDT', 'ETHUSDT'],
    );
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
    await assertWell(desk);
  } finally {
    await desk.day.close();
  }
});

for (const [code, text] of [
  [-4028, 'Leverage 5 is not valid.'],
  [-4161, 'Leverage reduction is not supported in Isolated Margin Mode with open positions.'],
] as const) {
  test(`F61: leverage that cannot be set (${code}) keeps the desk from starting at a wrong one`, async () => {
    const no = {
      at: 0,
      for: 60_000,
      match: { method: 'POST', path: 'leverage' },
      fault: answer(400, code, text),
    } as const;
    await refused({ script: script(no), adapter: { leverage: 7 } }, new RegExp(String(code)));
  });
}

test('F61: margin is reckoned with the leverage that the account says it has', async () => {
  await withDesk({}, async (desk) => {
    assert.equal(desk.day.state.markets[bitcoin]?.instrument.marginRate, 0.2);
    act(desk, 'leverageChanged', { symbol: 'BTCUSDT', leverage: 2 });
    await desk.day.pass(5_000);
    assert.equal(desk.day.state.markets[bitcoin]?.instrument.marginRate, 0.5);
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
  });
});

test('F62: the desk does not start at an account with margin in several assets', async () => {
  await refused({}, /assetMode.*several assets/, (desk) => act(desk, 'multiAssets', { on: true }));
});

test('F62: margin in several assets that is switched on meanwhile holds entries back', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'multiAssets', { on: true });
    await desk.want({ BTCUSDT: 100 });
    assert.equal(entries(desk).length, 0);
    assert.deepEqual(heldBack(desk), ['accountMode']);
    act(desk, 'multiAssets', { on: false });
    await desk.day.pass(400_000);
    assert.equal(desk.held(bitcoin), 100);
  });
});

test('F63: a margin type that another hand changes is read again before anything is added', async () => {
  await withDesk({}, async (desk) => {
    const before = asked(desk, 'GET', '/fapi/v1/symbolConfig').length;
    const set = asked(desk, 'POST', '/fapi/v1/marginType').length;
    act(desk, 'marginTypeChanged', { symbol: 'BTCUSDT', isolated: false });
    await until(desk, 29_000);
    assert.ok(asked(desk, 'GET', '/fapi/v1/symbolConfig').length > before);
    assert.equal(asked(desk, 'POST', '/fapi/v1/marginType').length, set + 1, 'it is put back');
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
  });
});

test('F63: nothing is added where the margin type cannot be put back, until another hand has done so', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    act(desk, 'marginTypeChanged', { symbol: 'BTCUSDT', isolated: false });
    await desk.want({ BTCUSDT: 200, ETHUSDT: 200 });
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [100, 200]);
    assert.deepEqual(heldBack(desk), ['settings']);
    act(desk, 'marginTypeChanged', { symbol: 'BTCUSDT', isolated: true });
    await desk.day.pass(120_000);
    assert.equal(desk.held(bitcoin), 200);
  });
});

test('F64: a key that loses its rights holds entries back, with one alarm, until it has them again', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    act(desk, 'revokeKey', { on: true });
    await desk.want({ BTCUSDT: 100, ETHUSDT: 200 });
    assert.ok(heldBack(desk).includes('permission'));
    assert.equal(entries(desk).length, 1);
    assert.equal(desk.day.of('venue.impaired').filter(({ part }) => part === 'permission').length, 1);
    act(desk, 'revokeKey', { on: false });
    await desk.day.pass(500_000);
    assert.deepEqual(heldBack(desk), []);
    assert.equal(desk.held(ether), 200);
  });
});

test('F64: an account that may not trade any more is noticed', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'permissions', { canTrade: false });
    await until(desk, 310_000);
    assert.deepEqual(heldBack(desk), ['permission']);
    act(desk, 'permissions', { canTrade: true });
    await until(desk, 620_000);
  });
});

test('F64: a key that may withdraw is not started with', async () => {
  await refused({}, /withdrawals.*may not withdraw, found may$/, (desk) =>
    act(desk, 'permissions', { canWithdraw: true }),
  );
});

test('F65: a key or a secret of another environment is not started with', async () => {
  await refused({ adapter: { apiKey: 'a-key-of-elsewhere' } }, /credentials/);
  await refused({ adapter: { apiSecret: 'a-secret-of-elsewhere' } }, /credentials/);
});

test('F66: a liquidation that is announced without a quantity moves nothing, and the one that follows freezes the desk', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    act(desk, 'pendingLiquidation', { symbol: 'BTCUSDT' });
    await desk.day.pass(1_000);
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(desk.day.of('message.quarantined').length, 0);
    act(desk, 'liquidate', { symbol: 'BTCUSDT' });
    await desk.want({ BTCUSDT: 100, ETHUSDT: 200 });
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [0, 0]);
    assert.equal(desk.day.state.kill.isEngaged, true);
    assert.deepEqual(denials(desk), ['KILL_SWITCH']);
    assert.equal(entries(desk).length, 1);
  });
});

for (const [code, text] of [
  [-2025, 'Reach max open order limit.'],
  [-2027, 'Exceeded the maximum allowable position at current leverage.'],
] as const) {
  test(`F67: a limit of the venue (${code}) is a refusal, and is run against no more than once a decision`, async () => {
    await withDesk({}, async (desk) => {
      act(desk, 'refuseOrders', { code, msg: text, count: 1_000, sparesReductions: true });
      await desk.want({ BTCUSDT: 100 });
      await desk.day.pass(120_000);
      assert.ok(entries(desk).length >= 1 && entries(desk).length <= 5);
      assert.equal(codesOf(desk).length, entries(desk).length);
      assert.deepEqual([...new Set(codesOf(desk))], [String(code)]);
      wish(desk, {});
    });
  });
}

test('F68: refusals for want of margin are met with ever longer pauses and one alarm', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'refuseOrders', { code: -2019, msg: 'Margin is insufficient.', count: 1_000, sparesReductions: true });
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 960_000);
    wish(desk, {});
    const at = entries(desk).map((entry) => Math.floor((entry.at - (entries(desk)[0]?.at ?? 0)) / 60_000));
    assert.deepEqual(at, [0, 3, 8], 'the minutes of the tries in a quarter of an hour');
    assert.deepEqual(codesOf(desk), ['-2019', '-2019', '-2019']);
    assert.equal(desk.day.of('venue.impaired').filter(({ part }) => part === 'margin').length, 3);
  });
});

test('F69: fees in another asset count as none, are told once and hold entries back', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'deposit', { amount: '10', asset: 'BNB' });
    act(desk, 'foreignFeeAsset', { asset: 'BNB', price: 600 });
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(desk.day.of('order.filled')[0]?.fee, 0);
    assert.deepEqual(heldBack(desk), ['fees']);
    await desk.want({ BTCUSDT: 0, ETHUSDT: 200 });
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [0, 0]);
    assert.equal(desk.day.of('venue.impaired').filter(({ part }) => part === 'fees').length, 1);
    return { impaired: ['fees'] };
  });
});

test('F70: a position is flat only where a whole answer leaves it out', async () => {
  const faults = ['', '{}', '[{"symbol":"BTCUSDT"}]', '[{"symbol":"BTCUSDT","positionAmt":"NaN"}]', '<html>'].map(
    (body, index) => ({
      ...({ at: secondAt + index * 30_000, for: 30_000, match: { method: 'GET', path: 'positionRisk' } } as const),
      fault: { type: 'answer', status: 200, body } as const,
    }),
  );
  await withDesk({ script: script(...faults) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    await until(desk, secondAt + 150_000);
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(exits(desk).length, 0);
    assert.equal(stopsOf(desk, bitcoin).length, 1);
    wish(desk, { BTCUSDT: 0 });
    await desk.day.pass(120_000);
    assert.equal(desk.held(bitcoin), 0);
    assert.ok(firstAt < secondAt);
  });
});
