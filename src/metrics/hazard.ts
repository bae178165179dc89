import { assert } from '#base/assert.ts';

const SECONDS_A_MINUTE = 60;
const SECONDS_MIN = 1e-6;

/**
 * The hazard of a manifold: 1 - exp(-rupture per minute) over its signals, without the first signal's rupture; 0 with fewer than
 * two (FX desk specification a.8). It is not the hazard of one signal, which is that signal's rupture.
 *
 * @param stampedAt instants of the signals, integer milliseconds UTC
 * @param ruptures one a signal
 */
export function hazardLambda(stampedAt: readonly number[], ruptures: readonly number[]): number {
  assert(stampedAt.length === ruptures.length, 'each signal has an instant and a rupture');
  if (stampedAt.length < 2) return 0;
  let rupture = 0;
  let seconds = 0;
  for (let index = 1; index < stampedAt.length; index += 1) {
    rupture += ruptures[index] ?? 0;
    seconds += Math.max(
      SECONDS_MIN,
      referenceSeconds(stampedAt[index] ?? 0) - referenceSeconds(stampedAt[index - 1] ?? 0),
    );
  }
  const rupturePerMinute = (SECONDS_A_MINUTE * rupture) / seconds;
  return Math.max(0, Math.min(1, 1 - Math.exp(-Math.max(0, rupturePerMinute))));
}

/** Seconds by way of nanoseconds, since the reference rounds twice. */
function referenceSeconds(at: number): number {
  return (at * 1e6) / 1e9;
}
