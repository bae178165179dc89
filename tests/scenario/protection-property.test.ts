import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { signOf } from '#domain/order.ts';
import {
  coveredAtVenue,
  end,
  type FairVenue,
  fairVenue,
  resolve,
  standingStops,
  take,
  takeCommands,
} from '../support/fair-venue.ts';
import { openedDesk } from '../support/opened-desk.ts';
import { type Deed, deeds } from '../support/venue-deeds.ts';

const names = Object.keys(deeds) as Deed[];
/** Venues take most orders, and time passes. */
const often: readonly Deed[] = ['take', 'take', 'enter', 'fillRest', 'pass'];

const stepArbitrary = fc.record({
  deed: fc.constantFrom(...names, ...often),
  pick: fc.nat(20),
  amount: fc.integer({ min: 1, max: 1_000 }),
  isYes: fc.boolean(),
});
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** Rounds after the last fault in which the venue answers everything; it is at rest long before. */
const roundsMax = 40;
const protectionMs = 5_000;

/** The venue answers everything there is to answer. True once there is nothing. */
function settle(venue: FairVenue): boolean {
  const open = venue.orders.filter(({ state, isUnknown, isCancelAsked, request }) => {
    const isLeaving = state === 'working' && (isCancelAsked || request.purpose === 'entry');
    return state === 'pending' || isUnknown || isLeaving;
  });
  for (const order of open) {
    if (order.isUnknown) resolve(venue, order);
    else if (order.state === 'pending') take(venue, order);
    else if (order.state === 'working') end(venue, order);
  }
  takeCommands(venue, venue.desk.pass(2 * protectionMs));
  takeCommands(venue, venue.desk.fixture.tick());
  return open.length === 0;
}

interface Watch {
  nakedAt: number | undefined;
  leavingAt: number;
}

/** Whatever is naked for five seconds is being closed; where the venue refuses that, it is tried again within five more. */
function watch(venue: FairVenue, state: Watch): void {
  const at = venue.desk.at();
  if (venue.orders.some(({ request, state: now }) => request.purpose === 'exit' && now === 'pending'))
    state.leavingAt = at;
  state.leavingAt = Math.max(state.leavingAt, venue.lastExitAt);
  const isCovered = coveredAtVenue(venue) >= Math.abs(venue.position);
  if (isCovered) state.nakedAt = undefined;
  else state.nakedAt ??= at;
  if (state.nakedAt === undefined || at - state.nakedAt < protectionMs) return;
  assert.ok(at - state.leavingAt <= protectionMs, `naked since ${at - state.nakedAt} ms`);
}

/** What a desk and a venue have come to after these steps and some rest. */
function play(steps: readonly Step[]): FairVenue {
  const desk = openedDesk();
  desk.minute();
  const venue = fairVenue(desk);
  const state: Watch = { nakedAt: undefined, leavingAt: -Infinity };
  steps.forEach((step, index) => {
    deeds[step.deed]({ ...step, venue, index });
    watch(venue, state);
  });
  for (let round = 0; round < roundsMax; round += 1) if (settle(venue)) return venue;
  assert.fail(`the desk does not come to rest: ${JSON.stringify(venue.orders.slice(-3))}`);
}

test('whatever the venue does to orders, at rest the stops there are for what is held and for nothing else', () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 60 }), (steps) => {
      const venue = play(steps);
      assert.equal(venue.desk.held(), venue.position);
      const stops = standingStops(venue);
      assert.ok(stops.every(({ request }) => signOf(request.side) * venue.position < 0));
      assert.equal(
        stops.reduce((sum, { request, filled }) => sum + request.quantity - filled, 0),
        Math.abs(venue.position),
      );
    }),
    { numRuns: 400 },
  );
});

test('at rest no target is left that would add to a position', () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 60 }), (steps) => {
      const venue = play(steps);
      const targets = venue.orders.filter(
        ({ request, state }) => request.purpose === 'takeProfit' && state === 'working',
      );
      for (const { request, filled } of targets) {
        assert.ok(signOf(request.side) * venue.position < 0);
        assert.equal(request.quantity - filled, Math.abs(venue.position));
      }
    }),
    { numRuns: 400 },
  );
});
