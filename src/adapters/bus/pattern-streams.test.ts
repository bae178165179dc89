import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesAny, patternStreams, patternsProblem, readsEveryDomain } from './pattern-streams.ts';

const known = ['quantum:stream:domain:order', 'quantum:stream:domain:risk', 'quantum:stream:order.filled'];

test('types are read by type, patterns by domain, and open ones from every known domain', () => {
  const rows: readonly [patterns: string[], fast: string[], normal: string[]][] = [
    [['order.filled'], [], ['order.filled']],
    [['order.filled', 'order.filled', 'trade.opened'], [], ['order.filled', 'trade.opened']],
    [['order.*'], [], ['domain:order']],
    [['order.*', 'order.filled', 'order.**'], [], ['domain:order']],
    [['risk.alert', 'order.filled'], ['risk.alert'], ['order.filled']],
    [['risk.*', 'emergency.**'], ['domain:emergency', 'domain:risk'], []],
    [['**'], ['domain:risk'], ['domain:order']],
    [['*.opened', 'trade.closed'], ['domain:risk'], ['domain:order', 'domain:trade']],
  ];
  for (const [patterns, fast, normal] of rows) {
    const named = (names: readonly string[]): string[] => names.map((name) => `quantum:stream:${name}`);
    assert.deepEqual(patternStreams(patterns, known), { fast: named(fast), normal: named(normal) }, patterns.join(' '));
  }
});

test('what is no pattern is refused with a reason', () => {
  assert.equal(patternsProblem(['order.filled', 'risk.*', '**']), undefined);
  assert.match(patternsProblem([]) ?? '', /found none/);
  assert.match(patternsProblem(['order']) ?? '', /two or more words/);
  assert.match(patternsProblem(['order.**.x']) ?? '', /at the end/);
});

test('a type is matched by itself or by any pattern', () => {
  assert.ok(matchesAny(['risk.*', 'order.filled'], 'order.filled'));
  assert.ok(!matchesAny(['risk.*', 'order.filled'], 'order.canceled'));
  assert.ok(readsEveryDomain(['order.*', '*.late']));
  assert.ok(!readsEveryDomain(['order.*']));
});
