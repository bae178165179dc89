import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchQuery } from './search-query.ts';

test('a coin is searched by its tags', () => {
  assert.equal(searchQuery('BTC'), '($BTC OR #BTC) lang:en -is:retweet');
  assert.equal(searchQuery(' sol '), '($SOL OR #SOL) lang:en -is:retweet');
  assert.equal(searchQuery('1000PEPE'), '($PEPE OR #PEPE) lang:en -is:retweet');
  assert.equal(searchQuery('1INCH'), '#1INCH lang:en -is:retweet');
});

test('nothing that means something in a query gets into one', () => {
  for (const text of [
    '',
    'BTC OR from:x',
    'BTC) OR (a',
    '"BTC"',
    'BTC&max_results=1',
    '-BTC',
    '１００',
    '123',
    'BTC\n',
    'ßTC',
  ]) {
    const query = searchQuery(text);
    if (text === 'BTC\n') assert.equal(query, searchQuery('BTC'));
    else assert.equal(query, undefined, text);
  }
});
