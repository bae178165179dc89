import { statfsSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type HealthStatus, type SystemHealth, statusOf, worstStatus } from '#domain/health.ts';

/** What was measured of the machine and the process: shares in percent, lag in milliseconds. */
export interface SystemReading {
  readonly cpu: number;
  readonly memory: number;
  readonly memoryUsedBytes: number;
  readonly memoryAvailableBytes: number;
  readonly disk: number;
  readonly eventLoopLagMs: number;
}

const mebibyte = 1_048_576;
const lagResolutionMs = 10;
const lagDegradedMs = 200;
const lagCriticalMs = 2_000;

/** Judges a reading by the bounds of the crypto desk specification 3.4; the lag's critical bound is our own. */
export function systemHealth(reading: SystemReading): SystemHealth {
  const { cpu, memory, disk, eventLoopLagMs } = reading;
  const statuses: HealthStatus[] = [
    statusOf(cpu, 70, 90),
    statusOf(memory, 70, 90),
    statusOf(disk, 80, 90),
    statusOf(eventLoopLagMs, lagDegradedMs, lagCriticalMs),
  ];
  return {
    cpu: rounded(cpu),
    memory: rounded(memory),
    memory_used_mb: Math.round(reading.memoryUsedBytes / mebibyte),
    memory_available_mb: Math.round(reading.memoryAvailableBytes / mebibyte),
    disk: rounded(disk),
    event_loop_lag_ms: rounded(eventLoopLagMs),
    status: worstStatus(statuses),
  };
}

/** Measures the machine between two looks, and the process's own lag. */
export class SystemMeter {
  readonly #folder: string;
  readonly #lag: ReturnType<typeof monitorEventLoopDelay>;
  #last = cpuTimes();

  constructor(folder: string) {
    this.#folder = folder;
    this.#lag = monitorEventLoopDelay({ resolution: lagResolutionMs });
    this.#lag.enable();
  }

  /** The reading since the last one. */
  read(): SystemReading {
    const times = cpuTimes();
    const total = times.total - this.#last.total;
    const busy = times.busy - this.#last.busy;
    this.#last = times;
    // The timer behind the lag waits for its own resolution, which is no lag.
    const lagMs = Math.max(0, this.#lag.percentile(99) / 1e6 - lagResolutionMs);
    this.#lag.reset();
    const available = freemem();
    return {
      cpu: total <= 0 ? 0 : (100 * busy) / total,
      memory: 100 * (1 - available / totalmem()),
      memoryUsedBytes: process.memoryUsage().rss,
      memoryAvailableBytes: available,
      disk: diskShare(this.#folder),
      eventLoopLagMs: Number.isFinite(lagMs) ? lagMs : 0,
    };
  }

  close(): void {
    this.#lag.disable();
  }
}

function cpuTimes(): { readonly total: number; readonly busy: number } {
  let total = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { total, busy: total - idle };
}

/** Used share of the disk that holds a folder, in percent; all of it where the disk does not answer. */
function diskShare(folder: string): number {
  try {
    const { blocks, bavail } = statfsSync(folder);
    return blocks === 0 ? 0 : 100 * (1 - bavail / blocks);
  } catch {
    // A disk that cannot be asked is no disk to write to.
    return 100;
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
