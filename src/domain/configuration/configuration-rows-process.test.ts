import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsProcess } from './configuration-rows-process.ts';

test('the names of the house begin with its own', () => {
  for (const { name, origin, kind } of configurationRowsProcess) {
    assert.match(name, /^TRADEWIND_/);
    assert.equal(origin, 'house', name);
    assert.equal(kind, 'process', name);
  }
});

test('the status page listens on this machine alone, at the port of the old API', () => {
  const rows = new Map(configurationRowsProcess.map((row) => [row.name, row]));
  assert.equal(rows.get('TRADEWIND_HOST')?.default, '127.0.0.1');
  assert.equal(rows.get('TRADEWIND_PORT')?.default, '8000');
  assert.deepEqual(rows.get('TRADEWIND_PORT')?.aliases, ['API_PORT']);
});

test('the demonstration runs at three hundred times the clock, with the seed seven', () => {
  const rows = new Map(configurationRowsProcess.map((row) => [row.name, row]));
  assert.equal(rows.get('TRADEWIND_SPEED')?.default, '300');
  assert.equal(rows.get('TRADEWIND_SEED')?.default, '7');
});
