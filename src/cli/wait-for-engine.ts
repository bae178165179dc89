import type { TimePort } from '#engine/ports.ts';
import type { StopSignal } from './stop-signal.ts';

const askAgainMs = 500;

/** Asks until there is nothing in the way any more; tells the first thing that is. False where it is told to stop before. */
export async function waitForEngine(
  problemNow: () => Promise<string | undefined>,
  stop: Pick<StopSignal, 'signal' | 'wait'>,
  { time, notice }: { readonly time: TimePort; notice(text: string): void },
): Promise<boolean> {
  let isTold = false;
  while (!stop.signal.aborted) {
    const problem = await problemNow();
    if (problem === undefined) return true;
    if (!isTold) notice(`${problem}; it is asked again until it does`);
    isTold = true;
    let cancel = (): void => undefined;
    await Promise.race([
      stop.wait(),
      new Promise<void>((done) => {
        cancel = time.after(askAgainMs, done);
      }),
    ]);
    cancel();
  }
  return false;
}
