import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '#base/random.ts';
import { firstRegime, nextRegime, type RegimeName, regimeNames, regimeTraits } from './synthetic-regime.ts';

test('what may follow a regime has probability one, and is never the regime itself', () => {
  for (const name of regimeNames) {
    const { next } = regimeTraits[name];
    assert.ok(Math.abs(next.reduce((sum, [, probability]) => sum + probability, 0) - 1) < 1e-12);
    assert.ok(next.every(([follower]) => follower !== name));
  }
});

test('regimes follow each other with their probabilities and last as long as they should on average', () => {
  const random = createRandom(11);
  const counts = new Map<RegimeName, { times: number; minutes: number; up: number }>();
  const pairs = new Map<string, number>();
  let regime = firstRegime(random, 0);
  for (let count = 0; count < 40_000; count += 1) {
    const seen = counts.get(regime.name) ?? { times: 0, minutes: 0, up: 0 };
    counts.set(regime.name, {
      times: seen.times + 1,
      minutes: seen.minutes + regime.minutesLeft,
      up: seen.up + (regime.direction > 0 ? 1 : 0),
    });
    const following = nextRegime(random, regime, 0);
    const key = `${regime.name} ${following.name}`;
    pairs.set(key, (pairs.get(key) ?? 0) + 1);
    regime = following;
  }
  for (const name of regimeNames) {
    const { times, minutes, up } = counts.get(name) ?? { times: 0, minutes: 0, up: 0 };
    const { meanMinutes, next } = regimeTraits[name];
    assert.ok(Math.abs(minutes / times / meanMinutes - 1) < 0.05, `${name} lasts ${minutes / times}`);
    assert.ok(Math.abs(up / times - 0.5) < 0.03, `${name} rises in ${up / times}`);
    for (const [follower, probability] of next) {
      const share = (pairs.get(`${name} ${follower}`) ?? 0) / times;
      assert.ok(Math.abs(share - probability) < 0.02, `${name} to ${follower}: ${share}`);
    }
  }
});

test('no regime is shorter than a third of its mean', () => {
  const random = createRandom(12);
  let regime = firstRegime(random, 0);
  for (let count = 0; count < 2_000; count += 1) {
    assert.ok(regime.minutesLeft >= regimeTraits[regime.name].meanMinutes / 3);
    regime = nextRegime(random, regime, 0);
  }
});
