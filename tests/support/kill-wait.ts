import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

const lookMs = 20;
const patienceMs = 60_000;

/** Waits until something is so, and fails where it is not in time. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endAt = performance.now() + patienceMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < endAt, `waited in vain for ${what}`);
    await delay(lookMs);
  }
}
