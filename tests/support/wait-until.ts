const lookMs = 20;

/** Waits until something holds, and fails with a sentence where it does not within a time. */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> {
  const untilAt = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > untilAt) throw new Error(`expected within ${withinMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, lookMs));
  }
}
