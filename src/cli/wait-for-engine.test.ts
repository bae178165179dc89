import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { waitForEngine } from './wait-for-engine.ts';

function scene() {
  const controller = new AbortController();
  const stop = {
    signal: controller.signal,
    wait: () => new Promise<void>((done) => controller.signal.addEventListener('abort', () => done(), { once: true })),
  };
  const clock = new HandClock();
  const notices: string[] = [];
  return {
    clock,
    stop,
    controller,
    notices,
    surroundings: { time: clock, notice: (text: string) => void notices.push(text) },
  };
}

test('it is asked again until nothing is in the way, and what was is told once', async () => {
  const { clock, stop, notices, surroundings } = scene();
  const problems = ['no answer', 'no answer either', undefined];
  const waiting = waitForEngine(async () => problems.shift(), stop, surroundings);
  await clock.pass(0);
  await clock.pass(500);
  await clock.pass(500);
  assert.equal(await waiting, true);
  assert.deepEqual(notices, ['no answer; it is asked again until it does']);
});

test('whoever is told to stop waits no longer, and what fails otherwise is thrown', async () => {
  const { clock, stop, controller, surroundings } = scene();
  const waiting = waitForEngine(async () => 'no answer', stop, surroundings);
  await clock.pass(0);
  controller.abort();
  assert.equal(await waiting, false);
  await assert.rejects(
    waitForEngine(() => Promise.reject(new Error('the token is wrong')), scene().stop, surroundings),
    /the token is wrong/,
  );
});
