import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreflightCheck } from '#engine/live-port.ts';
import { carryPrices, restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { runPreflight } from './preflight.ts';

async function run(
  change: (scene: ReturnType<typeof restScene>) => void = () => undefined,
  leverage = 5,
): Promise<PreflightCheck[]> {
  const scene = restScene();
  change(scene);
  const origins = {
    rest: 'https://rest.binance.test',
    stream: 'wss://stream.binance.test',
    wallet: 'https://wallet.binance.test',
  };
  const checks = runPreflight({
    ...scene,
    time: scene.clock,
    network: scene.server,
    environment: 'practice',
    origins,
    leverage,
  });
  checks.catch(() => undefined);
  for (let step = 0; step < 30; step++) {
    await scene.clock.pass(1_000);
    carryPrices(scene.server, scene.clock.now());
  }
  return [...(await checks)];
}

const failed = (checks: readonly PreflightCheck[]): string[] =>
  checks.filter(({ isPassed }) => !isPassed).map(({ name }) => name);

test('a good account passes every check', async () => {
  const checks = await run();
  assert.deepEqual(failed(checks), []);
  const names = [
    'environment',
    'clock',
    'filters',
    'leverage',
    'credentials',
    'permissions',
    'positionMode',
    'assetMode',
    'withdrawals',
    'futures',
    'address',
    'stream public',
    'stream market',
  ];
  assert.deepEqual(
    checks.map(({ name }) => name),
    names,
  );
});

test('each fault of an account fails its own check', async () => {
  const config = { canTrade: true, dualSidePosition: false, multiAssetsMargin: false };
  const cases: readonly (readonly [string, string, unknown])[] = [
    ['permissions', 'GET /fapi/v1/accountConfig', { ...config, canTrade: false }],
    ['positionMode', 'GET /fapi/v1/accountConfig', { ...config, dualSidePosition: true }],
    ['assetMode', 'GET /fapi/v1/accountConfig', { ...config, multiAssetsMargin: true }],
    [
      'withdrawals',
      'GET /sapi/v1/account/apiRestrictions',
      { enableWithdrawals: true, enableFutures: true, ipRestrict: true },
    ],
    [
      'futures',
      'GET /sapi/v1/account/apiRestrictions',
      { enableWithdrawals: false, enableFutures: false, ipRestrict: true },
    ],
  ];
  for (const [name, key, body] of cases)
    assert.deepEqual(failed(await run(({ server }) => server.on(key, () => ({ body })))), [name]);
});

test('a wrong key, a wrong secret and a key of elsewhere fail the credentials and are asked no further (F64, F65)', async () => {
  for (const code of [-2014, -2015, -1022]) {
    const checks = await run(({ server }) => server.refuse('GET /fapi/v3/balance', code));
    assert.deepEqual(failed(checks), ['credentials']);
    assert.equal(
      checks.some(({ name }) => name === 'positionMode'),
      false,
    );
  }
});

test('clocks that are too far apart fail (F52)', async () => {
  assert.deepEqual(
    failed(
      await run(({ server, clock }) =>
        server.on('GET /fapi/v1/time', () => ({ body: { serverTime: clock.now() + 1_100 } })),
      ),
    ),
    ['clock'],
  );
  assert.deepEqual(
    failed(
      await run(({ server, clock }) =>
        server.on('GET /fapi/v1/time', () => ({ body: { serverTime: clock.now() - 400 } })),
      ),
    ),
    [],
  );
});

test('streams that carry nothing fail (F33)', async () => {
  const checks = await run(({ server }) => {
    server.opensSockets = false;
  });
  assert.deepEqual(failed(checks), ['stream public', 'stream market']);
});

test('a leverage out of bounds fails (F103)', async () => {
  assert.deepEqual(failed(await run(undefined, 0)), ['leverage']);
  assert.deepEqual(failed(await run(undefined, 126)), ['leverage']);
});

test('a venue that cannot be reached is no answer', async () => {
  await assert.rejects(
    run(({ server }) => server.on('GET /fapi/v1/time', () => 'reset')),
    { kind: 'unreachable' },
  );
});
