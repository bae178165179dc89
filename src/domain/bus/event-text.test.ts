import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSchemas } from '../events.ts';
import { busCatalogue } from './bus-catalogue.ts';
import { renderEventReference } from './event-text.ts';

const page = renderEventReference();

test('the page has one row for every event of the house and of the catalogue', () => {
  for (const name of [...Object.keys(eventSchemas), ...Object.keys(busCatalogue)]) {
    assert.equal(page.split(`\n| \`${name}\``).length, 2, name);
  }
});

test('a row says where an event comes from, what it holds and whether it goes out', () => {
  assert.match(page, /^\| `kill\.engaged` \| input \| `at` whole number; `actor` text; .* \| yes \|$/m);
  assert.match(page, /^\| `bar\.closed` \| input \| .* \| once the desk is warm \|$/m);
  assert.match(page, /^\| `time\.ticked` \| input \| `at` whole number \| no: the grid of the clock/m);
  assert.match(page, /^\| `trade\.opened`, also `position\.opened` \| .* \| executor \| monitor, .* \| symbol \|$/m);
  assert.match(page, /^\| `model\.promoted` \| .* \| issue 5 \|$/m);
});

test('streams, groups and the fast lane are named', () => {
  for (const words of [
    '`quantum:stream:domain:trade`',
    '`quantum:dlq:trade.opened`',
    '`risk_management`',
    '`emergency.*`',
  ]) {
    assert.ok(page.includes(words), words);
  }
});
