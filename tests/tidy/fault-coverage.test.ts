import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageOf, faultPage } from './fault-coverage.ts';

const faults = [
  { id: 'F01', fault: 'one' },
  { id: 'F02', fault: 'two' },
  { id: 'F117', fault: 'three' },
];

test('a fault is covered where a title of a test begins with it', () => {
  const files = [
    { path: 'a.test.ts', text: "test('F01: it holds', () => {}); // F02: in a comment" },
    { path: 'b.test.ts', text: 'test(`F01, F117: both hold`)' },
    { path: 'c.ts', text: "'F02: no test'" },
  ];
  assert.deepEqual(
    [...coverageOf(faults, files)],
    [
      ['F01', ['a.test.ts', 'b.test.ts']],
      ['F02', []],
      ['F117', ['b.test.ts']],
    ],
  );
});

test('the page has a row for each fault', () => {
  const page = faultPage(faults.slice(0, 1), new Map([['F01', ['a.test.ts', 'b.test.ts']]]));
  assert.match(page, /^\| F01 \| one \| `a\.test\.ts`<br>`b\.test\.ts` \|$/m);
});
