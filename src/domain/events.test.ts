import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSchemas, isEventType, originOf } from './events.ts';

test('every row of the table names its own type', () => {
  for (const [name, schema] of Object.entries(eventSchemas)) assert.equal(schema.shape.type.value, name);
});

test('every event carries its time', () => {
  for (const schema of Object.values(eventSchemas)) assert.ok('at' in schema.shape);
});

test('names are facts in the past tense', () => {
  for (const name of Object.keys(eventSchemas)) assert.match(name, /^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/);
});

test('what we decide and command is not an input', () => {
  assert.equal(originOf('bar.closed'), 'input');
  assert.equal(originOf('order.filled'), 'input');
  assert.equal(originOf('order.submitted'), 'command');
  assert.equal(originOf('module.decided'), 'decision');
  assert.equal(originOf('gates.published'), 'fact');
});

test('an inherited name is no event type', () => {
  assert.equal(isEventType('toString'), false);
});
