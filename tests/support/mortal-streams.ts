import { BusError } from '#adapters/bus/bus-error.ts';
import type { StreamDriver } from '#adapters/bus/stream-driver.ts';

/** A driver whose link to its store can be cut and mended. */
export interface MortalStreams {
  readonly driver: StreamDriver;
  die(): void;
  revive(): void;
}

/** Wraps a driver so that it can be cut off from its store, as a process is that was killed: nothing it does arrives any more. */
export function mortalStreams(driver: StreamDriver): MortalStreams {
  let isDead = false;
  const gone = (): Promise<never> => Promise.reject(new BusError('unreachable', 'the store does not answer'));
  const guarded = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name === 'openReader') return () => guarded(Reflect.apply(value, target, []));
        return (...given: unknown[]) => {
          if (name === 'close') return Reflect.apply(value, target, given);
          return isDead ? gone() : Reflect.apply(value, target, given);
        };
      },
    });
  return {
    driver: guarded(driver),
    die: () => {
      isDead = true;
    },
    revive: () => {
      isDead = false;
    },
  };
}
