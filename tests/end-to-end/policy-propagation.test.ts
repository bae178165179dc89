import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FileJournal, openJournal } from '#adapters/journal/file-journal.ts';
import type { Event } from '#domain/events.ts';
import { createPolicyFold, foldPolicyEvent, type PolicyFold } from '#domain/policies/policy-fold.ts';
import { policySnapshot } from '#domain/policies/policy-snapshot.ts';
import { policyDomains } from '#engine/engine.ts';
import { isJournalled, step } from '#engine/step.ts';
import { modules } from '#modules/index.ts';
import { type OperatedDesk, operate } from '#runtime/operate.ts';
import { policyKeeper } from '#runtime/policies/policy-keeper.ts';
import { readPolicySnapshot } from '#runtime/policies/policy-snapshot-files.ts';
import { currentPolicies } from '#runtime/policies/policy-store.ts';
import { recordedEvents } from '#runtime/read-run.ts';
import { JournalTail } from '#runtime/tail/journal-tail.ts';
import { createDeskFixture } from '../support/desk-fixture.ts';

/** The longest that a subscriber may wait for a change. */
const reloadMsMax = 1_000;

interface Chain {
  readonly folder: string;
  readonly journal: FileJournal;
  readonly desk: OperatedDesk;
  /** What each step saw, in order. */
  readonly steps: string[];
  readonly subscriber: PolicyFold;
  /** Waits for what the tail shows next, no longer than a subscriber may. */
  follow(): Promise<void>;
}

/** A desk whose changes go from the request over journal, snapshot file and tail to a subscriber, with every step told. */
async function chainOf(t: TestContext): Promise<Chain> {
  const folder = mkdtempSync(join(tmpdir(), 'policy-propagation-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'journal'));
  const { engine, setUpEvents } = createDeskFixture(modules);
  const journal = openJournal(join(folder, 'journal'), { runId: 'fixture' });
  const steps: string[] = [];
  const subscriber = createPolicyFold();
  const keeper = policyKeeper({ folder, now: () => 0, onProblem: (message) => assert.fail(message) });
  const versionOnDisk = (): number => readPolicySnapshot(folder).snapshot.documents['limits/fx']?.version ?? 0;
  const tell = (name: string): void => {
    const last = [...recordedEvents(folder)].at(-1)?.event.type;
    steps.push(`${name}: journal ${last}, snapshot ${versionOnDisk()}, subscriber ${versionOf(subscriber)}`);
  };
  const tail = new JournalTail({ folder, runId: 'fixture', durableSequence: 0 });
  const take = (events: readonly Event[]): void => {
    for (const event of events.filter((one) => isJournalled(engine.state, one))) {
      tail.append(journal.append(event), event);
      keeper.note(event);
    }
    journal.flushSync();
    tell('durable');
    keeper.keep(engine);
    tell('snapshot');
    tail.advance(journal.durableSequence);
  };
  let nextSequence = 1;
  const follow = async (): Promise<void> => {
    const { entries } = await tail.read(nextSequence, { max: 1_000, waitMs: reloadMsMax });
    for (const { sequence, event } of entries) foldPolicyEvent(subscriber, event, sequence, policyDomains(modules));
    nextSequence += entries.length;
    tell('subscriber');
  };
  take(setUpEvents);
  await follow();
  steps.length = 0;
  const desk: OperatedDesk = {
    engine,
    request: (input) => take(step(engine, input(engine.state.at))),
    status: () => 0,
  };
  return { folder, journal, desk, steps, subscriber, follow };
}

function versionOf({ policies }: PolicyFold): number {
  return policies['limits/fx']?.version ?? 0;
}

test('a change is durable, then in the snapshot, then told: no subscriber knows what a crash could take back', async (t) => {
  const { folder, journal, desk, steps, subscriber, follow } = await chainOf(t);
  const told = follow();
  const answer = operate(desk, {
    command: 'policy.set',
    ...{ key: 'limits/fx', expectedVersion: 1, actor: 'ann', reason: 'calm', isDryRun: false },
    content: { type: 'changes', changes: { maximumPositions: 2 } },
  });
  assert.equal(answer.isDone, true);
  await told;
  assert.deepEqual(steps, [
    'durable: journal policy.changed, snapshot 1, subscriber 1',
    'snapshot: journal policy.changed, snapshot 2, subscriber 1',
    'subscriber: journal policy.changed, snapshot 2, subscriber 2',
  ]);
  const reloaded = policySnapshot(subscriber.policies, subscriber.runId);
  assert.deepEqual(reloaded, readPolicySnapshot(folder).snapshot);
  assert.deepEqual(reloaded, currentPolicies(desk.engine));
  await journal.close();
});

test('a refused change goes the same way and reaches the subscriber as nothing', async (t) => {
  const { journal, desk, steps, subscriber, follow } = await chainOf(t);
  const told = follow();
  operate(desk, {
    command: 'policy.set',
    ...{ key: 'desk/fx', expectedVersion: 1, actor: 'ann', reason: 'wild', isDryRun: false },
    content: { type: 'changes', changes: { 'slots.risk': ['atr-bracket'] } },
  });
  await told;
  assert.deepEqual(
    steps.map((line) => line.split(',')[0]),
    ['durable: journal policy.refused', 'snapshot: journal policy.refused', 'subscriber: journal policy.refused'],
  );
  assert.deepEqual(policySnapshot(subscriber.policies, subscriber.runId), currentPolicies(desk.engine));
  await journal.close();
});
