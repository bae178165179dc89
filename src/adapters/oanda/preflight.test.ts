import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, type ScriptedOanda, scriptOanda, settle } from '../../../tests/support/scripted-oanda.ts';
import { formatVenueTime } from './oanda-time.ts';

async function failedChecks(script: ScriptedOanda): Promise<(readonly [string, string])[]> {
  const checks = await settle(script.clock, script.venue.preflight());
  return checks.filter(({ isPassed }) => !isPassed).map(({ name, found }) => [name, found] as const);
}

test('an account as it must be passes every check', async () => {
  const script = scriptOanda();
  const passed = await settle(script.clock, script.venue.preflight());
  assert.deepEqual(
    passed.map(({ name, isPassed }) => [name, isPassed]),
    [
      ['credentials', true],
      ['account', true],
      ['netting', true],
      ['currency', true],
      ['margin', true],
      ['lock', true],
      ['instruments', true],
      ['clock', true],
    ],
  );
});

test('F65: a key of the other environment fails, in the words of the venue', async () => {
  const script = scriptOanda();
  const words = 'Insufficient authorization to perform request.';
  script.on(/^GET accounts$/, () => ok({ errorMessage: words }, 401));
  assert.deepEqual(await failedChecks(script), [['credentials', words]]);
});

test('a key of other accounts fails', async () => {
  const script = scriptOanda();
  script.on(/^GET accounts$/, () => ok({ accounts: [{ id: '101-004-1-002' }, { id: '101-004-1-003' }] }));
  assert.deepEqual(await failedChecks(script), [['account', "one of '2' others"]]);
});

test('F59: hedging, another currency, a margin that is used up and a lock each fail', async () => {
  const script = scriptOanda();
  Object.assign(script.account, {
    hedgingEnabled: true,
    currency: 'USD',
    marginCloseoutPercent: '1.00000',
    newPositionsLocked: true,
  });
  assert.deepEqual(await failedChecks(script), [
    ['netting', 'on'],
    ['currency', 'USD'],
    ['margin', '1.00000'],
    ['lock', 'locked'],
  ]);
});

test('an instrument that the desk asked for must still be listed', async () => {
  const script = scriptOanda();
  await settle(script.clock, script.venue.instruments(['EUR_USD']));
  const found = await settle(script.clock, script.venue.preflight());
  assert.equal(found.find(({ name }) => name === 'instruments')?.found, "'1' listed");
  await assert.rejects(settle(script.clock, script.venue.instruments(['GBP_USD'])), { code: 'UNKNOWN_INSTRUMENT' });
});

test('F52: a clock that is more than half a second off fails', async () => {
  for (const [aheadMs, expected] of [
    [501, [['clock', "'501' ms"]]],
    [-900, [['clock', "'-900' ms"]]],
    [500, []],
  ] as const) {
    const script = scriptOanda();
    script.on(/^GET pricing/, () => ok({ time: formatVenueTime(script.clock.now() + aheadMs), prices: [] }));
    assert.deepEqual(await failedChecks(script), expected, String(aheadMs));
  }
});

test('a venue that does not answer was not checked', async () => {
  const script = scriptOanda();
  script.on(/^GET accounts$/, () => 'reset');
  await assert.rejects(settle(script.clock, script.venue.preflight()), { kind: 'unreachable' });
});
