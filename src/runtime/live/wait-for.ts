import type { TimePort } from '#engine/ports.ts';

/** Resolves after a span, or as soon as it is told to stop. */
export function waitFor(time: TimePort, ms: number, stop?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (stop?.aborted === true) return void done();
    const end = (): void => {
      cancel();
      stop?.removeEventListener('abort', end);
      done();
    };
    const cancel = time.after(ms, end);
    stop?.addEventListener('abort', end, { once: true });
    return undefined;
  });
}
