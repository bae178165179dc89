import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingScenarioProblems } from './event-scenarios.ts';

const table = {
  path: 'src/domain/events.ts',
  text: "export const eventSchemas = {\n  'order.filled': a,\n  'order.denied': b,\n};\n",
};
const types = ['order.filled', 'order.denied'];

test('an event that no scenario quotes is a problem at its line of the table', () => {
  const scenarios = [{ path: 'tests/scenario/a.test.ts', text: "given('order.filled') // order.denied" }];
  assert.deepEqual(missingScenarioProblems(types, table, scenarios), [
    { path: 'src/domain/events.ts', line: 3, message: "no scenario mentions the event 'order.denied'" },
  ]);
});

test('any quotation mark will do', () => {
  const scenarios = [{ path: 'tests/scenario/a.test.ts', text: '"order.filled" `order.denied`' }];
  assert.deepEqual(missingScenarioProblems(types, table, scenarios), []);
});
