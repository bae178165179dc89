import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '#engine/engine.ts';
import { createLoop } from '#engine/loop.ts';
import type { DurableWrites } from './durable-writes.ts';
import { GuardedLoop } from './guarded-loop.ts';

function scene(changes: {
  problem?: string;
  doubt?: string;
  require?: () => void;
  isDurable?: boolean;
  at?: () => number;
}) {
  const engine = createEngine([]);
  engine.state.kill.isEngaged = false;
  const types: string[] = [];
  const venue = { send: () => undefined, observe: () => undefined, poll: () => undefined, report: () => assert.fail() };
  const ports = {
    ...{ feed: { peekAt: () => Infinity, next: () => undefined }, venue, journal: undefined },
    makeDurable: () => undefined,
    onEvent: ({ type }: { type: string }) => void types.push(type),
  };
  const loop = createLoop(engine, ports, 0, 30_000);
  const durable = {
    problem: changes.problem,
    isDurable: changes.isDurable ?? true,
    make: () => true,
    takeRefusals: () => [],
  } as unknown as DurableWrites;
  const lease = { require: changes.require ?? (() => undefined), doubt: changes.doubt };
  const at = changes.at === undefined ? {} : { at: changes.at };
  return { guarded: new GuardedLoop({ loop, durable, lease, ...at }), engine, types };
}

const released = (at: number) => ({ type: 'kill.released', at, actor: 'ann', reason: 'r' }) as const;

test('a disk that fails or a lease in doubt engages the switch once', () => {
  for (const changes of [{ problem: 'full' }, { doubt: 'away' }]) {
    const { guarded, types, engine } = scene(changes);
    guarded.require();
    guarded.require();
    assert.deepEqual(types, ['kill.engaged']);
    assert.equal(engine.state.kill.reason, changes.problem ?? changes.doubt);
  }
});

test('what breaks off within a step ends the run, and nothing follows', () => {
  const { guarded } = scene({});
  const failure = new Error('half a step');
  assert.throws(
    () =>
      guarded.orEnd(() => {
        throw failure;
      }),
    failure,
  );
  assert.equal(guarded.failure, failure);
  assert.throws(() => guarded.request(released), failure);
});

test('a lease that is over ends the run at the next request', () => {
  const { guarded } = scene({
    require: () => {
      throw new Error('over');
    },
  });
  assert.throws(() => guarded.request(released), /over/);
  assert.match(guarded.failure?.message ?? '', /over/);
});

test('the switch is not released while the disk fails, and what cannot be kept is refused', () => {
  assert.throws(() => scene({ problem: 'full' }).guarded.request(released), /the kill switch stays engaged: full/);
  const { guarded, types } = scene({ isDurable: false });
  assert.throws(() => guarded.request(released), { name: 'JournalWriteError' });
  guarded.request((at) => ({ type: 'kill.engaged', at, actor: 'ann', reason: 'r' }));
  assert.deepEqual(types, ['kill.engaged']);
});

test('an operator asks at the time that the run says it is', () => {
  const { guarded, engine } = scene({ at: () => 77 });
  guarded.request(released);
  assert.equal(engine.state.kill.at, 77);
});
