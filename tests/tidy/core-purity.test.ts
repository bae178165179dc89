import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corePurityProblems } from './core-purity.ts';

function found(text: string, path = 'src/engine/state.ts'): string[] {
  return corePurityProblems({ path, text }).map((problem) => `${problem.line} ${problem.message}`);
}

const impure = [
  'const a = Date.now();',
  'const a = new Date();',
  'const a = new Date;',
  'const a = Date();',
  'const a = performance.now();',
  'const a = instant.getHours();',
  'const a = Math.random();',
  'const a = globalThis.Math.random();',
  'const a = crypto.randomUUID();',
  'const a = Math.pow(2, 3);',
  'const a = 2 ** 3;',
  'let a = 2; a **= 3;',
  'const a = process.env;',
  'console.log(a);',
  'setTimeout(a, 1);',
  'setInterval(a, 1);',
  'queueMicrotask(a);',
  'fetch(a);',
  'async function a() {}',
  'const a = async () => b;',
  'const a = await b;',
  'const a = new Promise(b);',
  'const a = Promise.all(b);',
  'const a = new Intl.NumberFormat();',
  'const a = b.toLocaleString();',
  'const a = b.localeCompare(c);',
  "const a = import('./b.ts');",
  "const a = require('b');",
];

for (const line of impure) {
  test(`the core may not say ${line}`, () => {
    assert.equal(found(`\n${line}\n`).length, 1, found(line).join('\n'));
    assert.match(found(`\n${line}\n`)[0] ?? '', /^2 /);
  });
}

test('what only looks like a banned call passes', () => {
  const innocent = [
    'const a = new Date(openedAt).getUTCHours();',
    "const b = new Date('2024-01-01T00:00:00Z');",
    '/** Never Date.now(), never x ** 2. */',
    "const c = 'console.log';",
    'const d = venue.fetch(order);',
    'interface Port { submit(): Promise<void> }',
    'const e = state.processed.length + order.process.step;',
    'const f = /a**/;',
    'const asyncCount = 1;',
  ].join('\n');
  assert.deepEqual(found(innocent), []);
});

test('a room outside the core, and a test, may use clocks and timers', () => {
  assert.deepEqual(found('Date.now();', 'src/adapters/clock/clock.ts'), []);
  assert.deepEqual(found('Date.now();', 'src/engine/state.test.ts'), []);
});
