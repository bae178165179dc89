import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseExactJson } from '../wire/exact-json.ts';
import { searchPage } from './mapper.ts';

const post = (id: string, text: string) => ({ id, text, created_at: '2026-03-01T12:00:00.000Z', author_id: `9${id}` });

test('a page becomes posts of ours', () => {
  const body = {
    data: [post('1', 'Bullish\u202e on\n$BTC')],
    includes: { users: [] },
    meta: { newest_id: '1', oldest_id: '1', result_count: 1, next_token: 'b26v89c19zqg8o3f' },
  };
  assert.deepEqual(searchPage(body), {
    posts: [{ id: '1', author: '91', text: 'Bullish on $BTC', createdAt: Date.parse('2026-03-01T12:00:00Z') }],
    missingCount: 0,
    nextToken: 'b26v89c19zqg8o3f',
  });
});

test('no hits are a page without posts', () => {
  assert.deepEqual(searchPage({ meta: { result_count: 0 } }), { posts: [], missingCount: 0, nextToken: undefined });
});

test('what cannot be read or was held back is counted, and costs nothing else', () => {
  const body = {
    data: [post('1', 'a'), { id: 2 }, null, post('3', 'b')],
    errors: [{ title: 'Authorization Error', detail: 'Sorry', resource_id: '5' }],
    meta: { result_count: 4 },
  };
  const page = searchPage(body);
  assert.deepEqual([page?.posts.map(({ id }) => id), page?.missingCount], [['1', '3'], 3]);
});

test('an answer of errors alone is no page', () => {
  assert.equal(searchPage({ errors: [{ title: 'Not Found Error' }] }), undefined);
  for (const body of [null, [], 'text', 7, { data: 'x', meta: {} }]) assert.equal(searchPage(body), undefined);
});

test('a text is cut to a thousand units, and a page to a hundred posts', () => {
  const data = Array.from({ length: 150 }, (_, place) => post(String(place), 'x'.repeat(10_000)));
  const page = searchPage({ data, meta: { result_count: 150 } });
  assert.equal(page?.posts.length, 100);
  assert.equal(page?.posts[0]?.text.length, 1_000);
});

test('whatever JSON comes, a page is bounded or there is none', () => {
  const entry = fc.oneof(
    fc.jsonValue(),
    fc.record({ id: fc.string(), text: fc.string(), created_at: fc.date().map(String) }),
  );
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({ data: fc.array(entry), meta: fc.record({ result_count: fc.nat() }) }),
  );
  fc.assert(
    fc.property(body, (value) => {
      const page = searchPage(parseExactJson(JSON.stringify(value)));
      assert.ok(page === undefined || page.posts.every(({ text }) => text.length <= 1_000));
    }),
  );
  const hostile =
    '{"__proto__":{"isAdmin":true},"meta":{"result_count":1e400,"result_count":1},"data":[{"__proto__":1}]}';
  assert.deepEqual(searchPage(parseExactJson(hostile)), { posts: [], missingCount: 1, nextToken: undefined });
  assert.equal(Reflect.get({}, 'isAdmin'), undefined);
});
