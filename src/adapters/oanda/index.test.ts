import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import { ok, scriptOanda, settle } from '../../../tests/support/scripted-oanda.ts';
import { earlyInputsMax, openOanda } from './index.ts';

test('the venue says what it does by itself', () => {
  const { venue } = scriptOanda();
  assert.equal(venue.venue, 'OANDA');
  assert.deepEqual(venue.traits, { hasNativeBrackets: true, hasDeadManSwitch: false, isAlwaysOpen: false });
});

test('nothing is asked before a method is called, and nothing is told inside of opening', async () => {
  const script = scriptOanda();
  assert.deepEqual(script.asked, []);
  const instruments = await settle(script.clock, script.venue.instruments(['EUR_USD']));
  script.venue.open(instruments, { onInput: (input) => script.inputs.push(input), onNotice: () => undefined });
  assert.equal(script.inputs.length, 0);
  await script.pass(2_000);
  assert.deepEqual(
    script.ofType('venue.restored').map(({ part }) => part),
    ['permission', 'limits', 'history', 'clock'],
  );
  assert.equal(script.inputs.length, 4, 'a stream that has said nothing is not trusted');
});

test('a venue is opened once', async () => {
  const script = scriptOanda();
  const instruments = await settle(script.clock, script.venue.instruments(['EUR_USD']));
  const listener = { onInput: () => undefined, onNotice: () => undefined };
  script.venue.open(instruments, listener);
  assert.throws(() => script.venue.open(instruments, listener), /opened once/);
});

test('there is no dead man switch to renew, only one to leave off', async () => {
  const { venue } = scriptOanda();
  await venue.renewDeadMan(0);
  await assert.rejects(venue.renewDeadMan(60_000), { kind: 'refused', code: 'NO_DEAD_MAN_SWITCH' });
});

test('instruments are those that the account may trade, and preparing them sets nothing', async () => {
  const script = scriptOanda();
  const instruments = await settle(script.clock, script.venue.instruments(['EUR_USD']));
  assert.deepEqual(
    instruments.map(({ id, marginRate }) => [id, marginRate]),
    [['EURUSD.OANDA', 0.05]],
  );
  await settle(script.clock, script.venue.prepare(instruments));
  assert.deepEqual(
    script.requests.map(({ method }) => method),
    ['GET'],
  );
});

test('ids of an earlier run are known where the desk says so', async () => {
  const script = scriptOanda({ isOwnOrder: (id) => id.startsWith('desk-') });
  await script.open();
  const order = { type: 'LIMIT_ORDER', time: '2026-01-05T12:00:12Z', instrument: 'EUR_USD', units: '1', price: '1.1' };
  script.stream('transactions').say({ ...order, id: '101', clientExtensions: { id: 'desk-1' } });
  script.stream('transactions').say({ ...order, id: '102', clientExtensions: { id: 'tw-1' } });
  await script.pass(10);
  assert.deepEqual([script.ofType('order.accepted').length, script.ofType('order.adopted').length], [1, 1]);
});

test('F47: a pause that was asked for before is still in force after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-oanda-'));
  try {
    const banFile = join(folder, 'ban.json');
    const script = scriptOanda({ banFile });
    script.on(/^GET instruments$/, () => ok({ errorMessage: 'too many' }, 429));
    await assert.rejects(settle(script.clock, script.venue.instruments(['EUR_USD'])), { kind: 'denied' });
    const next = scriptOanda({ banFile });
    const report = next.venue.report();
    await next.pass(4_000);
    assert.equal(next.requests.length, 0);
    assert.equal((await settle(next.clock, report)).cursor, '100');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('S14: a key of practice is sent to no other host than that of practice', async () => {
  const script = scriptOanda();
  const urls: string[] = [];
  const venue = openOanda({
    network: {
      request: async ({ url }) => {
        urls.push(url);
        return { status: 401, headers: {}, body: '{}' };
      },
      stream: () => ({ close: () => undefined }),
      socket: () => ({ close: () => undefined, send: () => undefined }),
    },
    time: script.clock,
    environment: 'practice',
    accountId: '101',
    token: 'CANARY',
    desk: { accountCurrency: 'EUR', moneyDecimals: 6 },
    origins: { rest: 'https://elsewhere.test', stream: 'https://elsewhere.test' },
  });
  await settle(script.clock, venue.preflight());
  assert.deepEqual(urls, ['https://api-fxpractice.oanda.com/v3/accounts']);
});

test('what comes up before anybody listens is kept up to a bound', async () => {
  const script = scriptOanda();
  const candles = Array.from({ length: earlyInputsMax + 5 }, (_, number) => ({ number }));
  script.on(/candles/, () => ok({ candles }));
  const [euro] = await settle(script.clock, script.venue.instruments(['EUR_USD']));
  const now = script.clock.now();
  await settle(script.clock, script.venue.bars(present(euro, 'EUR_USD'), now - 120_000, now));
  script.on(/candles/, () => ok({ candles: [] }));
  await script.open();
  // Two words on the venue's health came first.
  assert.equal(script.ofType('message.quarantined').length, earlyInputsMax - 2);
});
