import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordKey } from './social-record.ts';

test('a question is known by everything but the time it starts from', () => {
  assert.equal(
    recordKey('https://api.x.com/2/tweets/search/recent?start_time=2026-03-01T00:00:00Z&query=%24BTC&max_results=100'),
    '/2/tweets/search/recent?max_results=100&query=%24BTC',
  );
  assert.equal(recordKey('https://a.example/b'), '/b?');
});
