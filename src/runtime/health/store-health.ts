import { statusOf } from '#domain/health.ts';
import type { KeyStoreInfo } from '#domain/keys/key-value.ts';
import type { Dependency, DependencyReading } from './health-checker.ts';

/** Shares of a server's memory limit, in percent, from which the store is degraded and critical: it refuses writes when it is full. */
const memoryDegraded = 80;
const memoryCritical = 95;
/** Offsets of this machine's clock, milliseconds (crypto desk specification 3.4). */
const offsetDegradedMs = 500;
const offsetCriticalMs = 5_000;

/** The key store: whether it answers, and how much of its memory is taken. */
export function keyStoreDependency(name: string, info: () => Promise<KeyStoreInfo>): Dependency {
  return {
    name,
    criticality: 'degrading',
    check: async (): Promise<DependencyReading> => {
      const found = await info();
      if (!found.isReachable) return { status: 'CRITICAL', error: found.reason, details: {} };
      const { version, memoryBytes, memoryLimitBytes, keys } = found;
      const share = memoryShare(found);
      const details = { version, keys, memory_bytes: memoryBytes, memory_limit_bytes: memoryLimitBytes };
      if (share === undefined || share <= memoryDegraded) return { details };
      const status = statusOf(share, memoryDegraded, memoryCritical);
      return { status, error: `${Math.round(share)} % of the memory is taken`, details };
    },
  };
}

/** Percent of a server's memory limit; undefined where there is no limit. */
export function memoryShare(info: Extract<KeyStoreInfo, { readonly isReachable: true }>): number | undefined {
  return info.memoryLimitBytes === null ? undefined : (100 * info.memoryBytes) / info.memoryLimitBytes;
}

/** This machine's clock beside that of a server: half of the time of the answer is taken for the way back. */
export function clockDependency(clock: { serverAt(): Promise<number>; now(): number }): Dependency {
  return {
    name: 'clock',
    criticality: 'degrading',
    check: async (): Promise<DependencyReading> => {
      const askedAt = clock.now();
      const serverAt = await clock.serverAt();
      const answeredAt = clock.now();
      const offsetMs = Math.round(serverAt - (askedAt + answeredAt) / 2);
      return {
        status: statusOf(Math.abs(offsetMs), offsetDegradedMs, offsetCriticalMs),
        details: { offset_ms: offsetMs, uncertainty_ms: Math.ceil((answeredAt - askedAt) / 2) },
      };
    },
  };
}
