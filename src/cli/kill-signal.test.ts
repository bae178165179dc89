import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { killSignal } from './kill-signal.ts';

/** The listener that came last: others of the process would act, too, if the signal were sent. */
function ownListener(): NodeJS.SignalsListener | undefined {
  return process.listeners('SIGUSR2').at(-1) as NodeJS.SignalsListener | undefined;
}

test('the signal engages the switch, and is given back', () => {
  const before = process.listenerCount('SIGUSR2');
  const asked: Event[] = [];
  const signal = killSignal({ request: (input) => void asked.push(input(5)) }, assert.fail);
  ownListener()?.('SIGUSR2');
  assert.deepEqual(asked, [{ type: 'kill.engaged', at: 5, actor: 'signal', reason: 'the process got SIGUSR2' }]);
  signal[Symbol.dispose]();
  assert.equal(process.listenerCount('SIGUSR2'), before);
});

test('a desk that takes nothing any more is told of', () => {
  const problems: string[] = [];
  const request = (): void => {
    throw new Error('the run has failed');
  };
  using _signal = killSignal({ request }, (problem) => void problems.push(problem));
  ownListener()?.('SIGUSR2');
  assert.deepEqual(problems, ['the kill switch was not engaged: the run has failed']);
});
