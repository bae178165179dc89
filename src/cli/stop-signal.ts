/** Why and when something long ends: a signal of the system, a time that is over, or an end of its own. */
export interface StopSignal {
  readonly signal: AbortSignal;
  reason(): string;
  now(reason: string): void;
  after(ms: number, reason: string): void;
  /** Resolves at the stop. */
  wait(): Promise<void>;
  /** Gives the signals of the system back. */
  release(): void;
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const interruptedCode = 130;

/** Takes over the signals that ask a process to end. The first asks for an end in order; a second ends at once. */
export function stopSignal(): StopSignal {
  const controller = new AbortController();
  let reason = '';
  let timer: NodeJS.Timeout | undefined;
  const now = (why: string): void => {
    if (controller.signal.aborted) return;
    reason = why;
    controller.abort();
  };
  const onSignal = (name: string): void => {
    // Everything told so far is durable, so leaving in a hurry loses nothing but the last snapshot.
    if (controller.signal.aborted) process.exit(interruptedCode);
    now(`asked to by ${name}`);
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    reason: () => reason,
    now,
    after: (ms, why) => {
      timer = setTimeout(now, ms, why);
    },
    wait: () =>
      new Promise((done) => {
        if (controller.signal.aborted) done();
        else controller.signal.addEventListener('abort', () => done(), { once: true });
      }),
    release: () => {
      clearTimeout(timer);
      for (const name of names) process.off(name, onSignal);
    },
  };
}
