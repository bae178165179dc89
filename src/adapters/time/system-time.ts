import type { TimePort } from '#engine/ports.ts';

/** The system's clock, timers and chance. */
export const systemTime: TimePort = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
