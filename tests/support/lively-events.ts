import { runUntil } from '#engine/loop.ts';
import { modules } from '#modules/index.ts';
import { type DeskRun, openDeskRun } from './desk-run.ts';
import { livelyAt, livelyPolicies, livelySeries } from './lively-desk.ts';

const barsOfDay = 2_000;

/** A day and a half of the whole desk on a random walk: its evaluator learns, and then it trades. */
export function livelyRun(seed = 5): DeskRun {
  const run = openDeskRun({ modules, policies: livelyPolicies(), series: livelySeries(seed, barsOfDay) });
  runUntil(run.loop, livelyAt + barsOfDay * 60_000);
  return run;
}
