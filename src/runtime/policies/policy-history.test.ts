import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { cryptoPolicies } from '#domain/policies/crypto-policies.ts';
import type { RecordedEvent } from '../read-run.ts';
import { policyHistory, versionOf } from './policy-history.ts';

function write(version: number, document: Record<string, unknown>, schemaVersion = 2): Event {
  return {
    type: 'policy.changed',
    ...{ at: version, key: 'risk/crypto', version, schemaVersion, document },
    ...{ actor: 'ann', reason: `version ${version}` },
  };
}

const refusal: Event = { type: 'policy.refused', at: 2, key: 'risk/crypto', actor: 'ann', reason: 'too much' };
const tick: Event = { type: 'time.ticked', at: 3 };

function recorded(...events: readonly Event[]): RecordedEvent[] {
  return events.map((event, index) => ({ sequence: index + 1, event }));
}

test('each change is told with what it changed, and a refused one with why', () => {
  const events = recorded(
    write(1, { active_mode: 'DEFENSIVE' }, 1),
    tick,
    write(2, { active_mode: 'SAFE', max_daily_dd: 0.5 }),
    refusal,
    write(2, { active_mode: 'SAFE', max_corr: 0.6 }),
  );
  const history = policyHistory(events, cryptoPolicies);
  assert.deepEqual(
    history.map(({ sequence, version, refusal: why, reason }) => [sequence, version, why, reason]),
    [
      [1, 1, null, 'version 1'],
      [3, 2, 'too much', 'version 2'],
      [5, 2, null, 'version 2'],
    ],
  );
  assert.deepEqual(history[2]?.changedPaths, ['max_corr']);
  assert.deepEqual(history[1]?.changedPaths, []);
  assert.equal(history[0]?.document['active_mode'], 'SAFE');
});

test('a version is that of the accepted change, and others are of other documents', () => {
  const events = recorded(write(1, {}), write(2, { max_corr: 0.5 }), refusal, write(2, { max_corr: 0.6 }));
  const history = policyHistory(events, cryptoPolicies, 'risk/crypto');
  assert.equal(versionOf(history, 'risk/crypto', 2)?.document['max_corr'], 0.6);
  assert.equal(versionOf(history, 'risk/crypto', 3), undefined);
  assert.equal(versionOf(history, 'risk/fx', 1), undefined);
  assert.deepEqual(policyHistory(events, cryptoPolicies, 'ai/crypto'), []);
});

test('the newest 500 changes of a document are kept', () => {
  const events = Array.from({ length: 502 }, (_, index) => write(index + 1, {}));
  const history = policyHistory(recorded(...events), cryptoPolicies);
  assert.deepEqual([history.length, history[0]?.version, history.at(-1)?.version], [500, 3, 502]);
});

test('a document of a domain that is gone is told as it was written', () => {
  const history = policyHistory(recorded(write(1, { old: 1 })), {});
  assert.deepEqual(history[0]?.document, { old: 1 });
});
