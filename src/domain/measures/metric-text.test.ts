import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricTable } from './metric-table.ts';
import { renderMetricReference } from './metric-text.ts';

const page = renderMetricReference();
const lines = page.split('\n');

function lineOf(name: string): string {
  return lines.find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
}

test('every metric has a line of its own', () => {
  for (const { name } of metricTable) assert.notEqual(lineOf(name), '', name);
  assert.equal(lines.filter((line) => line.startsWith('| `')).length, metricTable.length);
});

test('a line tells type, labels, meaning and who named it', () => {
  assert.equal(
    lineOf('sep_order_reject_total'),
    '| `sep_order_reject_total` | counter | `code` | Orders that the venue rejected. | fx-desk i.3 |',
  );
  assert.match(lineOf('tradewind_equity'), /\| gauge \| - \| .* \| house \|$/);
});

test('what is planned stands in a table of its own and names its issue', () => {
  const planned = page.slice(page.indexOf('## What is planned'));
  for (const { name, plannedIn } of metricTable) {
    assert.equal(planned.includes(`\`${name}\``), plannedIn !== null, name);
    if (plannedIn !== null) assert.match(lineOf(name), new RegExp(`\\| issue ${plannedIn} \\|$`));
  }
});
