import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { writeTracedRun } from '../../tests/support/traced-run.ts';
import { registerTrace } from './trace-command.ts';

function trace(...argv: readonly string[]) {
  return runCommand(registerTrace, ['trace', ...argv]);
}

test('a trace is shown in the order of time, for people and for programs', async (t) => {
  const folder = temporaryFolder(t);
  await writeTracedRun(folder);
  const { code, result } = await trace('o1', '--data-dir', folder);
  assert.equal(code, 0);
  assert.match(result, /^trace [0-9a-f]{32}, 10 entries$/m);
  assert.match(result, /^2025-01-06 08:01:00\.000 +event +2 +time\.ticked/m);
  assert.match(
    result,
    /^2025-01-06 08:01:00\.000 +decision +3 +signal combined-direction +changed, EURUSD\.OANDA long$/m,
  );
  assert.match(result, /^2025-01-06 08:01:00\.000 +order +4 +order\.submitted +'o1' buy 1000 EURUSD\.OANDA, entry$/m);
  assert.match(result, /^2025-01-06 08:01:30\.100 +order +7 +order\.filled +'o1' buy 1000 EURUSD\.OANDA at 110000$/m);
  assert.match(result, /^2025-01-06 08:01:30\.100 +log +7 +info position\.opened +EURUSD\.OANDA$/m);
  const json = JSON.parse((await trace('o2', '--data-dir', folder, '--json')).result);
  assert.equal(json.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.deepEqual(json.items[0].type, 'span');
  assert.match((await trace('o2', '--data-dir', folder)).result, /span +POST \/api\/flatten +server, 20 ms, ok$/m);
});

test('a trace of which nothing is there ends with 1 and says what was expected', async (t) => {
  const folder = temporaryFolder(t);
  await writeTracedRun(folder);
  const { code, result, work } = await trace('o99', '--data-dir', folder);
  assert.equal(code, 1);
  assert.equal(result, '');
  assert.match(
    work,
    /holds nothing of the trace 'o99': expected a trace id of 32 hexadecimal digits, .* sequence number/,
  );
});

test('a folder without a run ends with 2', async (t) => {
  const { code, work } = await trace('1', '--data-dir', temporaryFolder(t));
  assert.equal(code, 2);
  assert.match(work, /holds no run/);
});
