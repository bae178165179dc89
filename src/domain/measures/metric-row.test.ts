import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counterRow, gaugeRow, histogramRow } from './metric-row.ts';

test('a row exists, has no labels and is of the house unless it says otherwise', () => {
  const bare = { name: 'x', help: 'X.', labels: [], source: 'house', plannedIn: null };
  assert.deepEqual(gaugeRow('x', 'X.'), { ...bare, type: 'gauge' });
  assert.deepEqual(histogramRow('x', 'X.'), { ...bare, type: 'histogram' });
  assert.deepEqual(counterRow('x_total', 'X.', { labels: ['code'], source: 'fx-desk i.3', plannedIn: 4 }), {
    name: 'x_total',
    type: 'counter',
    help: 'X.',
    labels: ['code'],
    source: 'fx-desk i.3',
    plannedIn: 4,
  });
});
