import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FaultScriptError, isRequestFault, isStreamFault, parseFaultScript, readFaultScript } from './fault-script.ts';

test('a script is read with what it leaves out filled in', () => {
  const script = parseFaultScript({
    faults: [
      { at: 0, times: 2, match: { method: 'POST', path: '/orders$' }, fault: { type: 'loseAnswer' } },
      { at: 5_000, for: 60_000, fault: { type: 'stall', stream: 'pricing', except: 'HEARTBEAT' } },
      { at: 9_000, fault: { type: 'chop' } },
      { at: 9_000, fault: { type: 'answer', status: 503, body: '<html>' } },
      { at: 9_000, fault: { type: 'venue', action: 'halt', instrument: 'EUR_USD' } },
    ],
  });
  assert.equal(script.seed, 1);
  assert.deepEqual(
    script.faults.map(({ fault }) => fault),
    [
      { type: 'loseAnswer' },
      { type: 'stall', stream: 'pricing', except: 'HEARTBEAT', hasPings: true },
      { type: 'chop', bytesMax: 17, hasCarriageReturns: false, hasEmptyLines: false },
      { type: 'answer', status: 503, body: '<html>', headers: {}, isCarriedOut: false },
      { type: 'venue', action: 'halt', instrument: 'EUR_USD' },
    ],
  );
  const kinds = script.faults.map(({ fault }) => [isRequestFault(fault), isStreamFault(fault)]);
  assert.deepEqual(kinds, [
    [true, false],
    [false, true],
    [false, true],
    [true, false],
    [false, false],
  ]);
});

test('what is wrong with a script is told with the path of the field', () => {
  for (const [value, message] of [
    [{ faults: [{ at: -1, fault: { type: 'loseRequest' } }] }, /'faults\[0\]\.at'/],
    [{ faults: [{ at: 0, fault: { type: 'answer', status: 42 } }] }, /'faults\[0\]\.fault\.status'/],
    [{ faults: [{ at: 0, fault: { type: 'loseRequest', ms: 3 } }] }, /'faults\[0\]\.fault'.*ms/],
    [{ faults: [{ at: 0, fault: { type: 'explode' } }] }, /'faults\[0\]\.fault\.type'/],
    [{ faults: [{ at: 0, fault: { type: 'stall', stream: '(' } }] }, /expected a regular expression/],
    [
      { faults: [{ at: 0, match: {}, fault: { type: 'drop' } }] },
      /'faults\[0\]\.match': 'match' is for faults of requests/,
    ],
    [{ faults: [], more: 1 }, /more/],
    ['text', /'?the script/],
  ] as const) {
    assert.throws(
      () => parseFaultScript(value),
      (error: Error) => error instanceof FaultScriptError && message.test(error.message),
    );
  }
});

test('a script is read from a file, and one that is none is told with its path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const good = join(folder, 'good.json');
  writeFileSync(good, JSON.stringify({ seed: 7, faults: [] }));
  assert.deepEqual(readFaultScript(good), { seed: 7, faults: [] });
  const bad = join(folder, 'bad.json');
  writeFileSync(bad, '{');
  assert.throws(() => readFaultScript(bad), { name: 'FaultScriptError', message: /bad\.json' cannot be read/ });
  assert.throws(() => readFaultScript(join(folder, 'absent.json')), { name: 'FaultScriptError' });
});
