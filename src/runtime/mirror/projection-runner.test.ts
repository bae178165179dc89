import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { systemTime } from '#adapters/time/system-time.ts';
import { assert as assertThat } from '#base/assert.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { TimePort } from '#engine/ports.ts';
import type { Projection } from '#projections/projection.ts';
import { MemorySink, type SinkFate } from '../../../tests/support/memory-sink.ts';
import { JournalTail } from '../tail/journal-tail.ts';
import { ProjectionRunner } from './projection-runner.ts';

/** Counts ticks, and tells each with its place, the count so far and its trace. */
const tickCounter: Projection<{ count: number }, string> = {
  name: 'ticks',
  version: 1,
  initial: () => ({ count: 0 }),
  project: (state, { sequence, event, root }, change) => {
    state.count += 1;
    change(`${sequence}:${event.at}:${state.count}:${traceIdOf(root)}`);
  },
};

/** Waits are over at once, so that a test of outages takes no time. */
const hurried: TimePort = { ...systemTime, after: (_ms, act) => systemTime.after(0, act) };

function tail(folder: string, entries: number, runId = 'run-1'): JournalTail {
  const made = new JournalTail({ folder, runId, durableSequence: 0 });
  for (let sequence = 1; sequence <= entries; sequence += 1) {
    made.append(sequence, { type: 'time.ticked', at: sequence * 30_000 });
  }
  made.advance(entries);
  return made;
}

/** Runs a projection until everything durable is in the sink. */
async function fill(sink: MemorySink<string>, source: JournalTail, batchMax: number, version = 1): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const runner = new ProjectionRunner({
    projection: { ...tickCounter, version },
    sink,
    source,
    time: hurried,
    batchMax,
    waitMs: 0,
    onApplied: (sequence) => {
      if (sequence === source.durableSequence) resolve();
    },
  });
  runner.start();
  await promise;
  await runner.stop();
  assert.equal(runner.status.condition, 'stopped');
  assert.equal(runner.status.sequence, source.durableSequence);
}

test('a sink is the fold of the tail whatever becomes of its transactions', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-runner-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const whole = new MemorySink<string>();
  await fill(whole, tail(folder, 60), 60);
  assert.equal(whole.changes.length, 60);
  assert.match(whole.changes[59] ?? '', /^60:1800000:60:[0-9a-f]{32}$/);
  const fates = fc.array(fc.constantFrom<SinkFate>('kept', 'refused', 'keptUnheard'), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fates, fc.integer({ min: 1, max: 25 }), async (list, batchMax) => {
      const left = list.slice();
      const sink = new MemorySink<string>(() => (left.length === 0 ? 'kept' : (left.shift() ?? 'kept')));
      // The last transaction is heard, since the test waits for it.
      await fillHeard(sink, tail(folder, 60), batchMax);
      assert.deepEqual(sink.changes, whole.changes);
    }),
    { numRuns: 40 },
  );
});

/** As `fill`, where the last answer may be lost: the sink itself tells when it is full. */
async function fillHeard(sink: MemorySink<string>, source: JournalTail, batchMax: number): Promise<void> {
  const runner = new ProjectionRunner({ projection: tickCounter, sink, source, time: hurried, batchMax, waitMs: 0 });
  runner.start();
  while (sink.stored?.sequence !== source.durableSequence) await new Promise((done) => setImmediate(done));
  await runner.stop();
}

test('a sink goes on where it stood, with the state of its fold', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-runner-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const sink = new MemorySink<string>();
  await fill(sink, tail(folder, 10), 4);
  await fill(sink, tail(folder, 25), 4);
  assert.equal(sink.wipes, 0);
  const whole = new MemorySink<string>();
  await fill(whole, tail(folder, 25), 100);
  assert.deepEqual(sink.changes, whole.changes);
});

test('a sink of another run, another version or a longer journal is emptied first', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-runner-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const refills: [string, JournalTail, number][] = [
    ['another run', tail(folder, 12, 'run-2'), 1],
    ['another version', tail(folder, 12), 2],
    ['a journal that lost entries', tail(folder, 7), 1],
  ];
  for (const [what, source, version] of refills) {
    const sink = new MemorySink<string>();
    await fill(sink, tail(folder, 12), 5);
    await fill(sink, source, 5, version);
    assert.equal(sink.wipes, 1, what);
    const fresh = new MemorySink<string>();
    await fill(fresh, source, 5, version);
    assert.deepEqual(sink.changes, fresh.changes, what);
  }
});

test('an outage is told once, and the status says what is waited for', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-runner-'));
  t.after(() => rmSync(folder, { recursive: true }));
  let refusals = 6;
  const sink = new MemorySink<string>(() => {
    refusals -= 1;
    return refusals >= 0 ? 'refused' : 'kept';
  });
  const problems: string[] = [];
  const conditions = new Set<string>();
  const { promise, resolve } = Promise.withResolvers<void>();
  const runner: ProjectionRunner<{ count: number }, string> = new ProjectionRunner({
    projection: tickCounter,
    sink,
    source: tail(folder, 3),
    time: {
      ...hurried,
      after: (ms, act) => {
        if (runner.status.condition !== 'following')
          conditions.add(`${runner.status.condition}: ${runner.status.problem}`);
        return hurried.after(ms, act);
      },
    },
    waitMs: 0,
    onProblem: (problem) => void problems.push(problem),
    onApplied: () => resolve(),
  });
  runner.start();
  await promise;
  await runner.stop();
  assert.deepEqual(problems, ['the store does not answer']);
  assert.deepEqual([...conditions], ['waiting: the store does not answer']);
  assert.equal(runner.status.problem, undefined);
});

test('one input that changes much is cut into transactions, and gives the same sink', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-runner-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const wide: Projection<{ count: number }, string> = {
    ...tickCounter,
    project: (_state, { sequence }, change) => {
      for (let place = 0; place < 4_000; place += 1) change(`${sequence}.${place}`);
    },
  };
  const sink = new MemorySink<string>();
  const sizes: number[] = [];
  const source = tail(folder, 7);
  const { promise, resolve } = Promise.withResolvers<void>();
  const runner = new ProjectionRunner({
    projection: wide,
    sink,
    source,
    time: hurried,
    onApplied: (sequence, changes) => {
      sizes.push(changes);
      if (sequence === 7) resolve();
    },
  });
  runner.start();
  await promise;
  await runner.stop();
  assert.deepEqual(sizes, [12_000, 12_000, 4_000]);
  assert.equal(sink.changes.length, 28_000);
});

test('a mistake of ours stops the projection where it is, and is told', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-runner-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const told = Promise.withResolvers<string>();
  const runner = new ProjectionRunner({
    projection: {
      ...tickCounter,
      project: (_state, { sequence }) => assertThat(sequence < 3, 'the third tick is one too many'),
    },
    sink: new MemorySink<string>(),
    source: tail(folder, 5),
    time: hurried,
    onProblem: told.resolve,
  });
  runner.start();
  assert.match(await told.promise, /one too many/);
  await runner.stop();
  assert.match(runner.status.problem ?? '', /one too many/);
});

test('what waits for the end of a step is told as soon as the journal ends, and the sink is the same', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-runner-'));
  t.after(() => rmSync(folder, { recursive: true }));
  /** Tells each tick when the next one has come, or when there is none yet. */
  const late: Projection<{ waiting: number | null }, string> = {
    name: 'late',
    version: 1,
    initial: () => ({ waiting: null }),
    project: (state, { sequence }, change) => {
      if (state.waiting !== null) change(`told ${state.waiting}`);
      state.waiting = sequence;
    },
    settle: (state, change) => {
      if (state.waiting !== null) change(`told ${state.waiting}`);
      state.waiting = null;
    },
  };
  const follow = async (sink: MemorySink<string>, source: JournalTail): Promise<void> => {
    const runner = new ProjectionRunner({ projection: late, sink, source, time: hurried, batchMax: 3, waitMs: 0 });
    runner.start();
    while (sink.stored?.sequence !== source.durableSequence) await new Promise((done) => setImmediate(done));
    await runner.stop();
  };
  const whole = new MemorySink<string>();
  await follow(whole, tail(folder, 10));
  assert.equal(whole.changes.at(-1), 'told 10');
  const grown = new MemorySink<string>();
  for (const entries of [1, 4, 10]) await follow(grown, tail(folder, entries));
  assert.deepEqual(grown.changes, whole.changes);
});
