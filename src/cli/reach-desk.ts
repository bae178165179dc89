import { setTimeout as sleep } from 'node:timers/promises';
import { FolderLockedError } from '#adapters/journal/folder-lock.ts';
import { askControl, type ControlAnswer, type ControlRequest } from '#runtime/control-socket.ts';

const retryMs = 250;
/** Together a minute, which is longer than a recovery takes. */
const triesMax = 240;

/** Who carried a request out: the desk that runs, or what is done while none does. */
export type ReachedDesk<T> =
  | { readonly isRunning: true; readonly answer: ControlAnswer }
  | { readonly isRunning: false; readonly result: T };

/**
 * Asks the desk that runs on a folder, or does what is done while none runs. A desk that has just been started holds its folder before
 * it listens: it is waited for.
 */
export async function reachDesk<T>(
  folder: string,
  request: ControlRequest,
  atRest: () => Promise<T>,
): Promise<ReachedDesk<T>> {
  for (let tries = 1; ; tries += 1) {
    const answer = await askControl(folder, request);
    if (answer !== undefined) return { isRunning: true, answer };
    try {
      return { isRunning: false, result: await atRest() };
    } catch (error) {
      if (!(error instanceof FolderLockedError) || tries >= triesMax) throw error;
    }
    await sleep(retryMs);
  }
}
