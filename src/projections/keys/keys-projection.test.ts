import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { findKeyRow, keyTable } from '#domain/keys/key-table.ts';
import type { KeyRow } from '#domain/keys/key-table-row.ts';
import { barOf, createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, livelyTail, tailOf } from '../../../tests/support/key-fold.ts';
import { keysProjection } from './keys-projection.ts';
import type { KeysState } from './keys-state.ts';

const lively = livelyTail();
/** Cools down early and often, and so hardly trades. */
const cooling = livelyTail({ evaluator: { missLimit: 2, calmarMinimum: 0.1 } });

/** Every key that the mirror writes, as the table names it. */
const mirrored = [
  'md:candles:{inst}:{gran}',
  'sep:signal:{inst}:{ts_ns}',
  'sep:signal_index:{inst}',
  'sep:signal_inserts:{inst}',
  'ws:last:manifold:{inst}',
  'ws:manifold',
  'ws:manifold:hist:{inst}',
  'bt:rolling:summary:{inst}',
  'bt:rolling:hist:{inst}:{param_key}',
  'opt:rolling:eligible:{inst}',
  'opt:rolling:passes:{inst}',
  'opt:rolling:fails:{inst}',
  'opt:rolling:misses:{inst}',
  'opt:rolling:cooldown:{inst}',
  'opt:rolling:gates_blob',
  'risk:allocation_weights',
  'opt:allocator:status',
  'risk:alloc_budget',
  'sep:ledger:events',
  'ops:kill_switch',
  'quantum:policy:current',
  'quantum:policy:history',
  'trade:{id}',
];

test('every key of the mirror comes out of a desk at work, each value in its shape and with its life', () => {
  const rows = keyTable.filter(({ writer, plannedIn }) => writer === 'mirror' && plannedIn === null);
  assert.deepEqual(
    rows.map(({ pattern }) => pattern),
    mirrored,
  );
  const seen = new Map<string, Set<string>>();
  for (const tail of [lively, cooling]) {
    const hashes = new Map<string, Record<string, string>>();
    for (const change of foldKeys(tail).changes) {
      const key = keyOf(change);
      const row = findKeyRow(key);
      assert.ok(row !== undefined, `the table has no row for '${key}'`);
      check(change, row, hashes);
      seen.set(row.pattern, (seen.get(row.pattern) ?? new Set()).add(change.type));
    }
  }
  assert.deepEqual([...seen.keys()].sort(), mirrored.slice().sort());
});

function keyOf(change: KeyChange): string {
  return change.type === 'publish' ? change.channel : change.key;
}

const typesOfChange = {
  set: 'string',
  setCompressed: 'string',
  add: 'sortedSet',
  dropBelow: 'sortedSet',
  push: 'list',
  hash: 'hash',
  publish: 'channel',
} as const;

function check(change: KeyChange, row: KeyRow, hashes: Map<string, Record<string, string>>): void {
  if (change.type === 'delete') return;
  assert.equal(typesOfChange[change.type], row.type, row.pattern);
  const value = contentOf(change, hashes);
  if (value !== undefined) {
    const parsed = row.schema?.safeParse(row.encoding === 'text' ? value : JSON.parse(String(value)));
    assert.equal(parsed?.error?.message, undefined, `${row.pattern}: ${String(value)}`);
  }
  if (!('ttlMs' in change)) return;
  // An open trade does not end; the table tells the life of an ended one.
  const isOpenTrade = change.type === 'hash' && hashes.get(change.key)?.['lifecycle'] === 'open';
  assert.equal(change.ttlMs, isOpenTrade ? null : row.ttlMs, row.pattern);
}

function contentOf(change: KeyChange, hashes: Map<string, Record<string, string>>): unknown {
  switch (change.type) {
    case 'set':
    case 'setCompressed':
    case 'push':
      return change.value;
    case 'add':
      return change.member;
    case 'publish':
      return change.message;
    case 'hash': {
      const fields = { ...hashes.get(change.key), ...change.fields };
      hashes.set(change.key, fields);
      return fields;
    }
    case 'delete':
    case 'dropBelow':
      return undefined;
  }
}

test('a fold that is cut anywhere, its state kept as JSON, writes what it writes in one go', () => {
  const whole = foldKeys(lively);
  const upTo = lively.length - 1;
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: upTo }), { minLength: 1, maxLength: 4 }), (cuts) => {
      const bounds = [0, ...cuts.sort((left, right) => left - right), lively.length];
      const changes: KeyChange[] = [];
      let state: KeysState | undefined;
      for (const [index, from] of bounds.slice(0, -1).entries()) {
        const part = foldKeys(lively.slice(from, bounds[index + 1]), state);
        changes.push(...part.changes);
        state = JSON.parse(JSON.stringify(part.state)) as KeysState;
      }
      assert.deepEqual(changes, whole.changes);
      assert.deepEqual(state, JSON.parse(JSON.stringify(whole.state)));
    }),
    { numRuns: 12 },
  );
});

test('each minute of a candle set has one member, and a bar told again or late adds none', () => {
  const { changes } = foldKeys(lively);
  const candles = changes.filter((change) => change.type === 'add' && change.key.startsWith('md:candles:'));
  const minutes = candles.map((change) => `${keyOf(change)} ${change.type === 'add' ? change.score : ''}`);
  assert.equal(new Set(minutes).size, minutes.length);
  assert.ok(candles.length > 3_000);
  assert.ok(candles.every((change) => change.type === 'add' && change.replacesScore));

  const { setUpEvents } = createDeskFixture([]);
  const bar = barOf('EUR_USD', 110_000, fixtureAt);
  const late = { ...bar, openAt: bar.openAt - 60_000 };
  const told = foldKeys(tailOf([...setUpEvents, bar, bar, late])).changes;
  assert.equal(changesOf(told, 'md:candles:EUR_USD:M1').length, 1);
});

test('history becomes candles and signals; nothing is told and nothing short-lived is written before the desk is live', () => {
  const desk = createDeskFixture([], { symbols: ['EUR_USD'], isWarm: false });
  for (let minute = 0; minute < 150; minute += 1) {
    desk.at += 60_000;
    desk.bar('EUR_USD', 110_000 + (minute % 7) * 3);
  }
  const history = tailOf([...desk.setUpEvents, ...desk.events]);
  const patterns = new Set(foldKeys(history).changes.map((change) => findKeyRow(keyOf(change))?.pattern));
  assert.deepEqual([...patterns].sort(), [
    'md:candles:{inst}:{gran}',
    'ops:kill_switch',
    'quantum:policy:current',
    'quantum:policy:history',
    'sep:ledger:events',
    'sep:signal:{inst}:{ts_ns}',
    'sep:signal_index:{inst}',
    'sep:signal_inserts:{inst}',
  ]);
});

test('the switch is engaged from the start, told as a digit, and released only where the journal ends', () => {
  const { setUpEvents, at } = createDeskFixture([]);
  const engaged = { type: 'kill.engaged', at, actor: 'operator', reason: 'test' } as const;
  const released = { ...engaged, type: 'kill.released' } as const;
  const closedOut = { type: 'account.closedOut', at, reason: 'margin' } as const;
  const told = (...events: readonly Event[]): string[] => {
    const { state, changes } = foldKeys(tailOf([...setUpEvents, ...events]));
    const settled = [...changes];
    keysProjection.settle?.(state, (change) => void settled.push(change));
    return changesOf(settled, 'ops:kill_switch').map((change) => (change.type === 'set' ? change.value : change.type));
  };
  assert.deepEqual(told(), ['1', '0']);
  assert.deepEqual(told(engaged, released), ['1', '1', '0']);
  assert.deepEqual(told(engaged, released, closedOut), ['1', '1', '1'], 'what is past when it is told is not told');
});

test('what the fold carries is bounded', () => {
  assert.ok(JSON.stringify(foldKeys(lively).state).length < 40_000);
});
