import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KillProcess } from '../support/kill-process.ts';
import { openProcessScene } from '../support/live-process-scene.ts';
import { type OrderMoment, withMoments } from '../support/order-moments.ts';
import { waitUntil } from '../support/wait-until.ts';

const patienceMs = 90_000;

const deaths: readonly (readonly [string, OrderMoment])[] = [
  ['the venue has filled the entry and answers', { phase: 'carriedOut', kind: 'entry' }],
  ['the stop arrives at the venue and is not carried out', { phase: 'arrived', kind: 'stop' }],
  ['the venue has taken the stop and answers', { phase: 'carriedOut', kind: 'stop' }],
];

for (const [what, { phase, kind }] of deaths) {
  test(`where the process is killed as ${what}, a start later its one stop stands for all that is held`, {
    timeout: 300_000,
  }, async (t) => {
    let act: (moment: OrderMoment) => 'goOn' | 'lose' = () => 'goOn';
    let entries = 0;
    const front = withMoments((moment) => {
      if (moment.phase === 'carriedOut' && moment.kind === 'entry') entries += 1;
      return act(moment);
    });
    const scene = await openProcessScene(t, front);
    const targets = { BTCUSDT: 100 };
    const first = scene.start({ targets });
    await first.said('listening');
    let death: Promise<void> | undefined;
    act = (moment) => {
      if (moment.phase !== phase || moment.kind !== kind || death !== undefined) return 'goOn';
      death = first.kill();
      return 'lose';
    };
    await scene.letTrade();
    await waitUntil('the process is killed', () => death !== undefined, patienceMs);
    await death;
    const stood = scene.venue.openConditionalOrders;
    assert.equal(stood, kind === 'stop' && phase === 'carriedOut' ? 1 : 0);
    const marks = timeTaken(scene.now);
    act = (moment) => marks.see(moment);
    const second = scene.start({ targets });
    await waitUntil('a stop stands', () => scene.venue.openConditionalOrders === 1, patienceMs);
    await second.said('listening');
    t.diagnostic(stood === 1 ? 'the stop stood before the start' : marks.text());
    assertHeld(second, scene.floor.ledger().positions, scene.venue.openConditionalOrders);
    assert.equal(entries, 1, 'the entry is there once');
    await second.stop();
    assert.equal(scene.venue.openConditionalOrders, 1, 'the stop outlives the process');
  });
}

function assertHeld(
  desk: KillProcess,
  positions: readonly { readonly instrument: string; readonly signedQuantity: number }[],
  stops: number,
): void {
  desk.requireAlive();
  assert.deepEqual(
    [positions.map(({ instrument, signedQuantity }) => [instrument, signedQuantity]), stops],
    [[['BTCUSDT-PERP.BINANCE', 100]], 1],
  );
}

/** How long it takes from the first question of a start until its stop is carried out, by the venue's clock and by ours. */
function timeTaken(now: () => number): { see(moment: OrderMoment): 'goOn'; text(): string } {
  const beganAt = now();
  const beganOn = performance.now();
  let stopAt = Number.NaN;
  let stopOn = Number.NaN;
  return {
    see: ({ phase, kind }) => {
      if (phase === 'carriedOut' && kind === 'stop' && Number.isNaN(stopAt)) {
        stopAt = now();
        stopOn = performance.now();
      }
      return 'goOn';
    },
    text: () =>
      `the stop stood ${Math.round(stopOn - beganOn)} ms after the process was started, ${stopAt - beganAt} ms of the venue's time`,
  };
}
