import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countResult, createCounters, type EligibilityCounters, isInCooldown } from './eligibility-counters.ts';

const rules = { requiredConsecutive: 2, missLimit: 4, cooldownSeconds: 7200 };
const stepMs = 900_000;

/** Results as letters: `p` passes, `f` fails for one that is in, `b` stands in the band between. */
const verdicts = {
  p: { isPass: true, isFail: false },
  b: { isPass: false, isFail: false },
  f: { isPass: false, isFail: true },
} as const;

function play(letters: string): EligibilityCounters {
  const counters = createCounters();
  for (const [index, letter] of [...letters].entries()) {
    if (letter !== 'p' && letter !== 'b' && letter !== 'f') throw new Error(`no verdict '${letter}'`);
    countResult(counters, verdicts[letter], rules, (index + 1) * stepMs);
  }
  return counters;
}

const table: readonly (readonly [string, string, Partial<EligibilityCounters>])[] = [
  ['one pass is not enough', 'p', { isEligible: false, passes: 1, misses: 0 }],
  ['the second pass in a row turns the flag on', 'pp', { isEligible: true, passes: 0, fails: 0, misses: 0 }],
  ['a pass after a miss begins anew', 'pbp', { isEligible: false, passes: 1, misses: 0 }],
  ['misses add up while none passes', 'bfb', { isEligible: false, passes: 0, misses: 3 }],
  ['a pass clears the misses', 'bbbp', { isEligible: false, passes: 1, misses: 0 }],
  ['a first fail of one that is in leaves it in', 'ppf', { isEligible: true, fails: 1, misses: 1 }],
  ['the band keeps one that is in', 'ppbbbbbb', { isEligible: true, fails: 0, misses: 0 }],
  ['the band clears a fail', 'ppfbf', { isEligible: true, fails: 1, misses: 1 }],
  [
    'the second fail in a row turns the flag off and keeps the misses',
    'ppff',
    { isEligible: false, fails: 0, misses: 2 },
  ],
  [
    'one more miss after the fall does not arm the cooldown',
    'ppffb',
    { isEligible: false, misses: 3, cooldownUntilAt: 0 },
  ],
  ['two more do', 'ppffbb', { misses: 0, cooldownUntilAt: 6 * stepMs + 7_200_000 }],
  [
    'four misses of one that was never in arm the cooldown',
    'bbbb',
    { passes: 0, misses: 0, cooldownUntilAt: 4 * stepMs + 7_200_000 },
  ],
  ['passes during the cooldown count for nothing', 'bbbbppp', { isEligible: false, passes: 0, misses: 0 }],
  ['misses during the cooldown do not prolong it', 'bbbbbbbb', { misses: 0, cooldownUntilAt: 4 * stepMs + 7_200_000 }],
  ['after two hours passes count again', 'bbbbpppppppp', { isEligible: false, passes: 1 }],
  ['and two of them turn the flag on', 'bbbbppppppppp', { isEligible: true, passes: 0 }],
];

for (const [fact, letters, expected] of table) {
  test(fact, () => {
    const counters = play(letters);
    assert.deepEqual({ ...counters, ...expected }, counters);
  });
}

test('a cooldown ends at its very instant', () => {
  const counters = { ...createCounters(), cooldownUntilAt: 100 };
  assert.equal(isInCooldown(counters, 99), true);
  assert.equal(isInCooldown(counters, 100), false);
});

test('the flag turns on only after enough passes in a row, and never during a cooldown', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('p', 'b', 'f'), { maxLength: 60 }), (letters) => {
      const counters = createCounters();
      let passes = 0;
      for (const [index, letter] of letters.entries()) {
        const at = (index + 1) * stepMs;
        const wasIn = counters.isEligible;
        const wasCooling = isInCooldown(counters, at);
        passes = letter === 'p' && !wasCooling ? passes + 1 : 0;
        countResult(counters, verdicts[letter], rules, at);
        if (!wasIn && counters.isEligible) assert.ok(passes >= rules.requiredConsecutive);
        if (wasCooling) assert.equal(counters.isEligible, false);
        assert.ok(counters.misses < rules.missLimit);
      }
    }),
  );
});
