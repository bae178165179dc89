import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { AnswerWatch } from './answer-watch.ts';
import { VenueHealth } from './venue-health.ts';

function scene() {
  const clock = new HandClock();
  const told: VenueInput[] = [];
  const health = new VenueHealth((input) => told.push(input));
  let pausedUntil: number | undefined;
  const budget = {
    pausedUntil: () => (pausedUntil !== undefined && clock.now() < pausedUntil ? pausedUntil : undefined),
  };
  const watch = new AnswerWatch({ time: clock, health, budget });
  const words = (): string[] => told.map((input) => `${input.type} ${'part' in input ? input.part : ''}`);
  const pause = (ms: number): void => {
    pausedUntil = clock.now() + ms;
  };
  return { clock, watch, words, pause };
}

test('F49: refusals of the key impair, and the first yes restores', () => {
  for (const status of [401, 403, 451]) {
    const { watch, words } = scene();
    watch.onStatus(status);
    watch.onStatus(404);
    assert.deepEqual(words(), ['venue.impaired permission'], String(status));
    watch.onStatus(200);
    assert.deepEqual(words(), ['venue.impaired permission', 'venue.restored permission']);
  }
});

test('an answer that was no JSON is looked at for its status too', () => {
  const { watch, words } = scene();
  watch.onAnswer({ type: 'unknown', reason: 'HTML', status: 403 });
  assert.deepEqual(words(), ['venue.impaired permission', 'venue.restored limits']);
});

test('an account that takes no orders is impaired until it takes one, whatever else is answered', () => {
  const { watch, words } = scene();
  watch.onRefusedOrder('INSUFFICIENT_MARGIN');
  assert.deepEqual(words(), []);
  watch.onRefusedOrder('ACCOUNT_ORDER_CREATION_LOCKED');
  watch.onStatus(200);
  assert.deepEqual(words(), ['venue.impaired permission']);
  watch.onTakenOrder();
  assert.deepEqual(words(), ['venue.impaired permission', 'venue.restored permission']);
});

test('F47: a pause is told at its beginning and at its end, without another answer', async () => {
  const { clock, watch, words, pause } = scene();
  pause(120_000);
  watch.lookAtLimits();
  watch.lookAtLimits();
  await clock.pass(119_999);
  assert.deepEqual(words(), ['venue.impaired limits']);
  await clock.pass(1);
  assert.deepEqual(words(), ['venue.impaired limits', 'venue.restored limits']);
});

test('after its end nothing more is told', async () => {
  const { clock, watch, words, pause } = scene();
  pause(1_000);
  watch.lookAtLimits();
  watch.close();
  await clock.pass(5_000);
  assert.deepEqual(words(), ['venue.impaired limits']);
});
