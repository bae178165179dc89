import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyTableCrypto } from './key-table-crypto.ts';

test('the keys of policies, trades, bus and crypto desk, with the issue of those to come', () => {
  assert.deepEqual(
    keyTableCrypto.map(({ pattern, type, writer, plannedIn }) => [pattern, type, writer, plannedIn]),
    [
      ['quantum:policy:current', 'string', 'mirror', null],
      ['quantum:policy:history', 'list', 'mirror', null],
      ['trade:{id}', 'hash', 'mirror', null],
      ['quantum:stream:{type}', 'stream', 'bus', null],
      ['quantum:stream:domain:{domain}', 'stream', 'bus', null],
      ['quantum:dlq:{type}', 'stream', 'bus', null],
      ['processed:{group}', 'sortedSet', 'bus', null],
      ['quantum:bus:{part}', 'set', 'bus', null],
      ['quantum:bus:position:{name}', 'hash', 'bus', null],
      ['quantum:position:{name}', 'hash', 'store', null],
      ['quantum:lease:{account}', 'string', 'lease', null],
      ['quantum:directive:hfos', 'string', 'modules', 6],
      ['quantum:ranking:current', 'string', 'modules', 6],
      ['quantum:strategy:allowed', 'string', 'modules', 6],
      ['quantum:memory:{id}', 'string', 'modules', 7],
      ['cache:{name}', 'string', 'modules', 6],
    ],
  );
});

test('a view of policies without its version is none', () => {
  const schema = keyTableCrypto[0]?.schema;
  const meta = {
    version: 1,
    schema_version: 2,
    updated_by: null,
    updated_at: null,
    reason: null,
    trace_id: null,
    previous_version: null,
  };
  assert.equal(schema?.safeParse({ meta, documents: {} }).success, true);
  assert.equal(schema?.safeParse({ meta: { ...meta, version: '1' }, documents: {} }).success, false);
});
