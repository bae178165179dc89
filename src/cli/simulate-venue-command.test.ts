import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { waitUntil } from '../../tests/support/wait-until.ts';
import { createOutput } from './output.ts';
import { registerSimulateVenue, simulateVenue } from './simulate-venue-command.ts';
import { stopSignal } from './stop-signal.ts';

const usual = { port: 0, host: '127.0.0.1', seed: 1, speed: 1, balance: 1_000, quotes: 60, json: true } as const;

interface Running {
  readonly lines: () => Record<string, string>[];
  end(): Promise<void>;
}

async function start(
  venue: 'oanda' | 'binance',
  options: Partial<Parameters<typeof simulateVenue>[0]['options']> = {},
): Promise<Running> {
  const streams = { result: new PassThrough(), work: new PassThrough() };
  let text = '';
  streams.result.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  const lines = (): Record<string, string>[] =>
    text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, string>]));
  const stop = stopSignal();
  const running = simulateVenue({ venue, options: { ...usual, ...options } }, createOutput(streams), stop);
  await Promise.race([running, waitUntil('the venue is served', () => lines().length > 0)]);
  return {
    lines,
    end: async () => {
      stop.now('asked to by the test');
      await running;
    },
  };
}

test('OANDA is served until it is asked to stop', async () => {
  const running = await start('oanda', { instruments: 'EUR_USD' });
  const [facts] = running.lines();
  assert.deepEqual(
    [facts?.['what'], facts?.['token'], facts?.['instruments']],
    ['serving', 'simulated-token', 'EUR_USD'],
  );
  const headers = { authorization: 'Bearer simulated-token' };
  const answer = await fetch(`${facts?.['address']}/v3/accounts/${facts?.['account']}/summary`, { headers });
  const { account } = (await answer.json()) as { account: { balance: string } };
  assert.deepEqual([answer.status, account.balance], [200, '1000.0000']);
  await running.end();
  assert.deepEqual(running.lines().at(-1), { what: 'stopped', reason: 'asked to by the test' });
  await assert.rejects(fetch(`${facts?.['address']}/v3/accounts`));
});

test('Binance is served with the credentials that were given, which are not told', async () => {
  const running = await start('binance', { key: 'secret-one', secret: 'secret-two' });
  const [facts] = running.lines();
  assert.deepEqual(
    [facts?.['key'], facts?.['secret'], facts?.['instruments']],
    ['as given by --key', 'as given by --secret', 'BTCUSDT,ETHUSDT'],
  );
  const answer = await fetch(`${facts?.['address']}/fapi/v1/time`);
  assert.equal(answer.status, 200);
  await running.end();
  assert.ok(!JSON.stringify(running.lines()).includes('secret-'));
});

test('a script is played', async () => {
  const script = join(mkdtempSync(join(tmpdir(), 'venue-')), 'faults.json');
  writeFileSync(script, JSON.stringify({ faults: [{ at: 0, fault: { type: 'answer', status: 503, body: 'down' } }] }));
  const running = await start('oanda', { instruments: 'EUR_USD', script });
  const answer = await fetch(`${running.lines()[0]?.['address']}/v3/accounts`);
  assert.deepEqual([answer.status, await answer.text()], [503, 'down']);
  await running.end();
});

test('wrong options end with two and say what was expected', async (t) => {
  const blocked = createServer();
  await new Promise<void>((done) => blocked.listen(0, '127.0.0.1', done));
  t.after(() => blocked.close());
  const { port } = blocked.address() as AddressInfo;
  const unknown = join(mkdtempSync(join(tmpdir(), 'venue-')), 'faults.json');
  writeFileSync(unknown, JSON.stringify({ faults: [{ at: 0, fault: { type: 'venue', action: 'explode' } }] }));
  for (const [argv, message] of [
    [['oanda', '--script', unknown], /'--script': expected one of 'halt'.*found the action 'explode'/],
    [['kraken'], /Allowed choices are oanda, binance/],
    [['oanda', '--script', 'absent.json'], /'--script': the fault script 'absent.json' cannot be read/],
    [['oanda', '--instruments', 'EURUSD'], /expected a pair/],
    [['binance', '--instruments', 'EUR_USD'], /expected names like BTCUSDT, found 'EUR_USD'/],
    [['oanda', '--port', 'x'], /expected a whole number/],
    [['oanda', '--port', String(port)], /cannot listen on '127.0.0.1' port \d+, the system answered 'EADDRINUSE'/],
  ] as const) {
    const { code, work } = await runCommand(registerSimulateVenue, ['simulate-venue', ...argv]);
    assert.match(work, message, argv.join(' '));
    assert.equal(code, 2, argv.join(' '));
  }
});
