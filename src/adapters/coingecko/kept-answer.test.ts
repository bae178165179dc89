import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { KeptAnswer, type Outcome } from './kept-answer.ts';

interface Scene {
  readonly clock: HandClock;
  readonly kept: KeptAnswer<string>;
  /** Ends the oldest question under way. */
  readonly settle: (outcome: Outcome<string>) => void;
  readonly asked: () => number;
}

function scene(): Scene {
  const clock = new HandClock(1_000_000);
  const waiting: ((outcome: Outcome<string>) => void)[] = [];
  let asked = 0;
  const ask = (): Promise<Outcome<string>> => {
    asked += 1;
    return new Promise((settle) => void waiting.push(settle));
  };
  const kept = new KeptAnswer({ time: clock, freshMs: 600_000, keptMs: 3_600_000, ask });
  return { clock, kept, settle: (outcome) => waiting.shift()?.(outcome), asked: () => asked };
}

const value = (text: string): Outcome<string> => ({ type: 'value', value: text });
const away: Outcome<string> = { type: 'trouble', trouble: 'unreachable', retryAt: 0 };

test('the first answer is waited for, by all who ask meanwhile, with one question', async () => {
  const { kept, settle, asked } = scene();
  const readings = [kept.read(), kept.read(), kept.read()];
  settle(value('a'));
  for (const reading of await Promise.all(readings)) {
    assert.deepEqual(reading, { held: { value: 'a', askedAt: 1_000_000 }, trouble: null });
  }
  assert.equal(asked(), 1);
});

test('a fresh answer is given without asking, an old one while it is renewed', async () => {
  const { clock, kept, settle, asked } = scene();
  const first = kept.read();
  settle(value('a'));
  await first;
  clock.jump(599_999);
  assert.equal((await kept.read()).held?.value, 'a');
  assert.equal(asked(), 1);
  clock.jump(1);
  assert.equal((await kept.read()).held?.value, 'a');
  assert.equal((await kept.read()).held?.value, 'a');
  assert.equal(asked(), 2);
  settle(value('b'));
  await clock.pass(0);
  assert.deepEqual((await kept.read()).held, { value: 'b', askedAt: 1_600_000 });
});

test('an answer that is too old is given no more', async () => {
  const { clock, kept, settle } = scene();
  const first = kept.read();
  settle(value('a'));
  await first;
  clock.jump(3_600_000);
  const late = kept.read();
  settle(away);
  assert.deepEqual(await late, { held: undefined, trouble: 'unreachable' });
});

test('failures are not followed by questions for 30 seconds, then twice as long, up to half an hour', async () => {
  const { clock, kept, settle, asked } = scene();
  const holds = [30, 60, 120, 240, 480, 960, 1_800, 1_800].map((seconds) => seconds * 1_000);
  for (const [failures, holdMs] of holds.entries()) {
    const reading = kept.read();
    settle(away);
    assert.deepEqual(await reading, { held: undefined, trouble: 'unreachable' });
    clock.jump(holdMs - 1);
    await kept.read();
    assert.equal(asked(), failures + 1);
    clock.jump(1);
  }
});

test('a time that the other side asked for is waited even where it is longer', async () => {
  const { clock, kept, settle, asked } = scene();
  const reading = kept.read();
  settle({ type: 'trouble', trouble: 'limited', retryAt: 1_000_000 + 90_000 });
  await reading;
  clock.jump(89_999);
  assert.equal((await kept.read()).trouble, 'limited');
  assert.equal(asked(), 1);
  clock.jump(1);
  const next = kept.read();
  settle(value('a'));
  assert.deepEqual((await next).trouble, null);
});
