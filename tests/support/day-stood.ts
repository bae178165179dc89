import assert from 'node:assert/strict';
import type { EventType } from '#domain/events.ts';
import type { LiveDay } from './live-day.ts';
import type { LiveInvariants } from './live-invariants.ts';

/** What a whole day of faults has to have left: nothing broken, nothing sent twice, nothing impaired, and a day on which much happened. */
export function assertDayStood(
  { day, wire, invariants }: DayScene,
  least: Readonly<Partial<Record<EventType, number>>>,
): void {
  assert.deepEqual(invariants.breaches, []);
  const repeated = [...wire.sentById].filter(([, count]) => count > 1);
  assert.deepEqual(repeated, [], 'no intent was sent twice');
  assert.deepEqual(Object.keys(day.state.impairments), []);
  assert.equal(day.run.failure, undefined);
  for (const [type, count] of Object.entries(least)) {
    const found = day.events.filter((event) => event.type === type).length;
    assert.ok(found >= count, `expected at least '${count}' of '${type}', found '${found}'`);
  }
}

/** A day with the venue it was traded at and what was watched at every step. */
interface DayScene {
  readonly day: LiveDay;
  readonly wire: { readonly sentById: ReadonlyMap<string, number> };
  readonly invariants: LiveInvariants;
}
