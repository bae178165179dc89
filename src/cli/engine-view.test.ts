import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteEngineError } from '#runtime/tail/remote-engine.ts';
import { exampleServer } from '../../tests/support/example-server.ts';
import { exampleStatus } from '../../tests/support/example-status.ts';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { EngineView } from './engine-view.ts';

function scene() {
  const clock = new HandClock();
  const engine: { status: unknown; reasons: string[]; isAway: boolean; asked: number } = {
    status: exampleStatus(),
    reasons: ['history is being taken in'],
    isAway: false,
    asked: 0,
  };
  const view = new EngineView(
    {
      status: async () => {
        engine.asked += 1;
        if (engine.isAway) throw new RemoteEngineError('unreachable', 'the engine does not answer');
        return engine.status;
      },
      health: async () => ({ report: await exampleServer.health(), unreadiness: engine.reasons }),
    },
    clock,
  );
  return { clock, engine, view };
}

test('before the first answer there is no status, and after it the last one stays', async () => {
  const { engine, view } = scene();
  assert.throws(() => view.status, { name: 'RemoteEngineError', code: 'unreachable' });
  engine.isAway = true;
  assert.equal(await view.look(), 'the engine does not answer');
  engine.isAway = false;
  assert.equal(await view.look(), undefined);
  assert.deepEqual(view.status, exampleStatus());
  engine.isAway = true;
  await view.look();
  assert.deepEqual(view.status, exampleStatus());
});

test('an engine of another shape is refused with the field that differs', async () => {
  const { engine, view } = scene();
  engine.status = { ...exampleStatus(), at: 'noon' };
  await assert.rejects(view.look(), (error) => {
    assert.ok(error instanceof RemoteEngineError);
    assert.equal(error.code, 'refused');
    assert.match(error.message, /not as expected at 'at': .*; run the same version on both sides/);
    return true;
  });
});

test('a status that is old makes the desk unready, and one that comes back makes it what the engine says', async () => {
  const { clock, engine, view } = scene();
  await view.look();
  view.follow();
  await clock.pass(0);
  assert.deepEqual(view.unreadiness(), ['history is being taken in']);
  engine.isAway = true;
  await clock.pass(4_000);
  assert.deepEqual(view.unreadiness(), ['history is being taken in']);
  await clock.pass(2_000);
  assert.match(view.unreadiness().join(), /^the engine has not answered for \d+ ms$/);
  engine.isAway = false;
  engine.reasons = [];
  await clock.pass(1_000);
  assert.deepEqual(view.unreadiness(), []);
  view.stop();
  const { asked } = engine;
  await clock.pass(10_000);
  assert.equal(engine.asked, asked);
});
