import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { createRandom, draw, drawWord, normal, type Random, recordDraws } from './random.ts';

const take = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

test('the words are those of the published generator', () => {
  // First outputs of xoshiro128starstar.c (prng.di.unimi.it, version 1.1) from the state 1, 2, 3, 4.
  const random: Random = { words: Uint32Array.of(1, 2, 3, 4) };
  assert.deepEqual(
    take(10, () => drawWord(random, 'test')),
    [
      11_520, 0, 5_927_040, 70_819_200, 2_031_721_883, 1_637_235_492, 1_287_239_034, 3_734_860_849, 3_729_100_597,
      4_258_142_804,
    ],
  );
});

test('the first values of a seed stay what they are', () => {
  const random = createRandom(1);
  assert.deepEqual([...random.words], [1_055_737_951, 489_753_797, 3_574_367_162, 976_312_784]);
  assert.deepEqual([draw(random, 'a'), draw(random, 'b')], [0.8110248472512838, 0.3678599366971901]);
  assert.equal(normal(random, 'c'), -2.151474450358451);
});

test('a seed and a name give one stream, another name or seed another one', () => {
  const firstOf = (seed: number, stream?: string): number => draw(createRandom(seed, stream), 'test');
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.string(), fc.string(), (seed, name, other) => {
      assert.equal(firstOf(seed, name), firstOf(seed, name));
      if (name !== other) assert.notEqual(firstOf(seed, name), firstOf(seed, other));
      assert.notEqual(firstOf(seed, name), firstOf(seed + 1, name));
    }),
  );
});

test('a stream read back from a snapshot goes on', () => {
  const random = createRandom(7, 'snapshot');
  take(5, () => draw(random, 'before'));
  const copy: Random = deserialize(serialize(random));
  assert.deepEqual(
    take(5, () => draw(random, 'after')),
    take(5, () => draw(copy, 'after')),
  );
});

test('fractions fill [0, 1) evenly and do not follow each other', () => {
  const random = createRandom(42);
  const values = take(200_000, () => draw(random, 'test'));
  assert.ok(values.every((value) => value >= 0 && value < 1));
  const counts = new Float64Array(100);
  for (const value of values) counts[Math.floor(value * 100)] = (counts[Math.floor(value * 100)] ?? 0) + 1;
  // Chi-square with 99 degrees of freedom: mean 99, standard deviation 14.
  const chiSquare = counts.reduce((sum, count) => sum + ((count - 2_000) * (count - 2_000)) / 2_000, 0);
  assert.ok(chiSquare > 50 && chiSquare < 160, `chi-square ${chiSquare}`);
  let product = 0;
  for (let index = 1; index < values.length; index += 1)
    product += ((values[index - 1] ?? 0) - 0.5) * ((values[index] ?? 0) - 0.5);
  assert.ok(Math.abs((product / values.length) * 12) < 0.01, `lag correlation ${(product / values.length) * 12}`);
});

test('normal draws have the moments and the tails of their distribution', () => {
  const random = createRandom(43);
  const values = take(200_000, () => normal(random, 'test'));
  const moment = (power: number): number =>
    values.reduce(
      (sum, value) => sum + (power === 1 ? value : power === 2 ? value * value : value * value * value * value),
      0,
    ) / values.length;
  assert.ok(Math.abs(moment(1)) < 0.01, `mean ${moment(1)}`);
  assert.ok(Math.abs(moment(2) - 1) < 0.015, `variance ${moment(2)}`);
  assert.ok(Math.abs(moment(4) - 3) < 0.1, `fourth moment ${moment(4)}`);
  const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / values.length;
  assert.ok(Math.abs(beyond - 0.05) < 0.002, `share beyond 1.96: ${beyond}`);
});

test('a recorder hears every draw with its reason and changes none', (context) => {
  context.after(() => recordDraws(null));
  const plain = createRandom(5);
  const expected = [draw(plain, 'first'), normal(plain, 'second')];
  const heard: [string, number][] = [];
  recordDraws((reason, value) => heard.push([reason, value]));
  const watched = createRandom(5);
  assert.deepEqual([draw(watched, 'first'), normal(watched, 'second')], expected);
  recordDraws(null);
  draw(watched, 'unheard');
  assert.deepEqual(
    heard.map(([reason]) => reason),
    ['first', 'second'],
  );
  assert.equal(heard[0]?.[1], expected[0]);
});
