import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { controlRequestSchema } from '../control-socket.ts';
import { type OperatedDesk, operate } from '../operate.ts';
import { operatePolicy, rollbackUpdate } from './operate-policy.ts';

const author = { actor: 'ann', reason: 'calm' };
const change = { key: 'limits/fx', expectedVersion: 1, isDryRun: false, ...author };

function scene(): { desk: OperatedDesk; fixture: DeskFixture } {
  const fixture = createDeskFixture([]);
  const desk: OperatedDesk = {
    engine: fixture.engine,
    request: (input) => void fixture.send(input(fixture.at)),
    status: () => undefined,
  };
  return { desk, fixture };
}

function positions(maximumPositions: number) {
  return { type: 'changes', changes: { maximumPositions } } as const;
}

test('the policies in force are told whole', () => {
  const { policies } = operate(scene().desk, { command: 'policy.get' });
  assert.equal(policies?.documents['limits/fx']?.version, 1);
});

test('a change is made once: the same request again is stale', () => {
  const { desk, fixture } = scene();
  const request = { command: 'policy.set', content: positions(3), ...change } as const;
  assert.deepEqual(
    [operate(desk, request), operate(desk, request)].map(({ isDone, policy }) => [
      isDone,
      policy?.isCommitted === false ? policy.code : policy?.version,
    ]),
    [
      [true, 2],
      [false, 'stale-version'],
    ],
  );
  assert.equal(fixture.engine.state.policies['limits/fx']?.version, 2);
});

test('a dry run says what would be and leaves no event', () => {
  const { desk, fixture } = scene();
  const answer = operatePolicy(desk, { command: 'policy.set', content: positions(3), ...change, isDryRun: true });
  assert.equal(answer.isDone, true);
  assert.deepEqual(fixture.events, []);
});

test('a rollback is a new version with the old content, and is made once', () => {
  const { desk, fixture } = scene();
  const document = { ...fixture.engine.state.policies['limits/fx']?.document };
  operatePolicy(desk, { command: 'policy.set', content: positions(3), ...change });
  const back = {
    command: 'policy.rollback',
    ...{ toVersion: 1, document, schemaVersion: 1, ...change, expectedVersion: 2 },
  } as const;
  assert.equal(operatePolicy(desk, back).isDone, true);
  const held = fixture.engine.state.policies['limits/fx'];
  assert.deepEqual([held?.version, held?.document], [3, document]);
  assert.equal(held?.commit?.reason, 'rolled back to version 1: calm');
  const again = operatePolicy(desk, back);
  assert.equal(again.policy?.isCommitted === false ? again.policy.code : '', 'stale-version');
});

test('an old document goes up the chain of schemas', () => {
  const { desk, fixture } = scene();
  const document = { active_mode: 'DEFENSIVE' };
  const back = { toVersion: 1, document, schemaVersion: 1, ...change, key: 'risk/crypto', expectedVersion: 0 };
  operatePolicy(desk, { command: 'policy.rollback', ...back });
  assert.equal(fixture.engine.state.policies['risk/crypto']?.document['active_mode'], 'SAFE');
  assert.equal(rollbackUpdate(back).content.type, 'document');
});

test('requests are checked where they come in', () => {
  const whole = { command: 'policy.set', content: positions(3), ...change };
  assert.equal(controlRequestSchema.safeParse(whole).success, true);
  const rows = [
    { ...whole, expectedVersion: -1 },
    { ...whole, reason: '' },
    { ...whole, traceparent: 'x' },
    { ...whole, content: { type: 'changes', changes: 3 } },
    { ...whole, extra: 1 },
  ];
  for (const row of rows) assert.equal(controlRequestSchema.safeParse(row).success, false, JSON.stringify(row));
});

test('the trace of a request is kept with the change', () => {
  const { desk, fixture } = scene();
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  operatePolicy(desk, { command: 'policy.set', content: positions(3), ...change, traceparent });
  const [event] = fixture.events as (Event & { traceparent?: string })[];
  assert.equal(event?.traceparent, traceparent);
  assert.equal(operatePolicy(desk, { command: 'policy.get' }).policies?.meta.trace_id, 'a'.repeat(32));
});
