import { parseExactJson } from '#adapters/wire/exact-json.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';
import { wrappedSchema } from './schema.ts';

export interface ProbeOptions {
  readonly time: TimePort;
  readonly network: NetworkPort;
  readonly url: string;
  readonly timeoutMs: number;
}

/** Whether a stream carries anything within a time. An acknowledgement proves nothing: one for the wrong route comes as well. */
export function deliversPayload({ time, network, url, timeoutMs }: ProbeOptions): Promise<boolean> {
  return new Promise((done) => {
    let isOver = false;
    const finish = (delivers: boolean): void => {
      if (isOver) return;
      isOver = true;
      cancel();
      socket.close();
      done(delivers);
    };
    const cancel = time.after(timeoutMs, () => finish(false));
    const socket = network.socket(url, {
      onOpen: () => undefined,
      onText: (text) => {
        if (isPayload(text)) finish(true);
      },
      onPing: () => undefined,
      onClose: () => finish(false),
    });
  });
}

function isPayload(text: string): boolean {
  try {
    return wrappedSchema.safeParse(parseExactJson(text)).success;
  } catch {
    return false;
  }
}
