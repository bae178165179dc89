import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ControlRequest, serveControl } from '#runtime/control-socket.ts';
import type { DeskStatus } from '#runtime/status.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { exampleStatus } from '../../tests/support/example-status.ts';
import { temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { registerDrain } from './drain-command.ts';

/** A desk whose position in EUR_USD may use ten dollars of margin and uses twenty-two. */
function overloaded(isEngaged: boolean): DeskStatus {
  const status = exampleStatus();
  return { ...status, budget: { budget: 100, perPositionCap: 10 }, kill: { ...status.kill, isEngaged } };
}

async function scene(t: Parameters<typeof temporaryFolder>[0], isEngaged: boolean, isDone = true) {
  const folder = temporaryFolder(t);
  const requests: ControlRequest[] = [];
  const server = await serveControl(folder, (request) => {
    if (request.command === 'status') return { isDone: true, message: '', status: overloaded(isEngaged) };
    requests.push(request);
    return { isDone, message: isDone ? 'reduced' : 'refused' };
  });
  t.after(() => server.close());
  const drain = (...argv: string[]) => runCommand(registerDrain, ['drain', '--data-dir', folder, ...argv]);
  return { drain, requests };
}

test('what is above its cap is reduced while the switch is engaged', async (t) => {
  const { drain, requests } = await scene(t, true);
  const { code, result } = await drain();
  assert.equal(code, 0);
  assert.match(result, /EUR_USD\s+1,000\s+22\.00\s+10\.00\s+546\s+reduced/);
  assert.deepEqual(
    requests.map((request) => request.command === 'reduce' && [request.instrument, request.quantity, request.reason]),
    [['EURUSD.OANDA', 546, 'drain']],
  );
});

test('a dry run asks for nothing, on a released switch too', async (t) => {
  const { drain, requests } = await scene(t, false);
  const { code, result } = await drain('--dry-run', '--json');
  assert.equal(code, 0);
  assert.equal((JSON.parse(result) as { steps: object[] }).steps.length, 1);
  assert.deepEqual(requests, []);
});

test('on a released switch nothing is drained', async (t) => {
  const { drain, requests } = await scene(t, false);
  const { code, work } = await drain();
  assert.equal(code, 2);
  assert.match(work, /the kill switch is released/);
  assert.deepEqual(requests, []);
});

test('a refused reduction ends with one', async (t) => {
  const { drain } = await scene(t, true, false);
  assert.equal((await drain()).code, 1);
});

test('the buffer is at most three percent', async (t) => {
  const { drain } = await scene(t, true);
  assert.equal((await drain('--buffer-pct', '3.1')).code, 2);
  assert.equal((await drain('--buffer-pct', '0')).code, 0);
});
