import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSentOnce, assertWell, bitcoin, stopsOf, wish } from '../support/faulty-binance.ts';
import { type OrderMoment, withMoments } from '../support/order-moments.ts';
import { openWantingBinance } from '../support/wanting-desk.ts';

/** How long a filled quantity may stand without its stop after a restart. */
const nakedMsMax = 5_000;
const downMs = 3_000;

const deaths: readonly (readonly [string, OrderMoment])[] = [
  ['the venue has filled the entry and answers', { phase: 'carriedOut', kind: 'entry' }],
  ['the stop arrives at the venue and is not carried out', { phase: 'arrived', kind: 'stop' }],
  ['the venue has taken the stop and answers', { phase: 'carriedOut', kind: 'stop' }],
];

for (const [what, { phase, kind }] of deaths) {
  test(`where a desk is killed as ${what}, the stop stands 5 s after its restart`, async () => {
    let act: (moment: OrderMoment) => 'goOn' | 'lose' = () => 'goOn';
    const desk = await openWantingBinance({ quotesPerMinute: 60, front: withMoments((moment) => act(moment)) });
    const { day, wire, clock } = desk;
    try {
      act = (moment) => {
        if (moment.phase !== phase || moment.kind !== kind || !day.isRunning) return 'goOn';
        day.kill();
        return 'lose';
      };
      wish(desk, { BTCUSDT: 100 });
      for (let waited = 0; day.isRunning && waited < 240; waited += 1) await day.pass(500);
      assert.equal(day.isRunning, false, 'it was killed');
      let stoppedAt: number | undefined;
      act = (moment) => {
        if (moment.phase === 'carriedOut' && moment.kind === 'stop') stoppedAt ??= clock.now();
        return 'goOn';
      };
      await day.pass(downMs);
      const stoodBefore = wire.venue.openConditionalOrders;
      assert.equal(stoodBefore, kind === 'stop' && phase === 'carriedOut' ? 1 : 0);
      const openedAt = clock.now();
      await day.open();
      if (stoodBefore === 0) {
        assert.ok(stoppedAt !== undefined, 'a stop was placed');
        assert.ok(stoppedAt - openedAt <= nakedMsMax, `the stop stood ${stoppedAt - openedAt} ms after the restart`);
      } else assert.equal(stoppedAt, undefined, 'no second stop was placed');
      assert.equal(wire.venue.openConditionalOrders, 1);
      const standing = stopsOf(desk, bitcoin).filter(({ state }) => state === 'accepted');
      assert.deepEqual([desk.held(bitcoin), standing.map(({ request }) => request.quantity)], [100, [100]]);
      assertSentOnce(wire);
      assert.equal(
        wire.requests.filter(({ method, path }) => method === 'POST' && path === '/fapi/v1/order').length,
        1,
      );
      await assertWell(desk);
    } finally {
      await day.close();
    }
  });
}
