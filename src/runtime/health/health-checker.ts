import {
  type DependencyHealth,
  type HealthReport,
  type HealthStatus,
  type ModuleHealth,
  type SystemHealth,
  statusOf,
  worstStatus,
} from '#domain/health.ts';
import type { TimePort } from '#engine/ports.ts';

/** What a check found. A check that throws found the dependency CRITICAL. */
export interface DependencyReading {
  /** Without one the latency decides. */
  readonly status?: HealthStatus;
  readonly error?: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Something the desk needs. What is merely useful can make the whole DEGRADED, never CRITICAL. */
export interface Dependency {
  readonly name: string;
  readonly criticality: 'critical' | 'degrading';
  check(): Promise<DependencyReading> | DependencyReading;
}

export interface HealthOptions {
  readonly service: string;
  readonly time: TimePort;
  readonly dependencies: readonly Dependency[];
  system(): SystemHealth;
  modules(): Readonly<Record<string, ModuleHealth>>;
}

const cacheMs = 5_000;
const checkMs = 1_000;
const latencyDegradedMs = 500;
const latencyCriticalMs = 2_000;

/** Asks every dependency at once, at most every five seconds, each for a second at most. */
export class HealthChecker {
  readonly #options: HealthOptions;
  readonly #startedAt: number;
  #asking: Promise<HealthReport> | undefined;
  #askedAt = 0;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#startedAt = options.time.monotonic();
  }

  report(): Promise<HealthReport> {
    const now = this.#options.time.monotonic();
    if (this.#asking === undefined || now - this.#askedAt >= cacheMs) {
      this.#askedAt = now;
      this.#asking = this.#ask();
    }
    return this.#asking;
  }

  async #ask(): Promise<HealthReport> {
    const { service, time, dependencies } = this.#options;
    const answers = await Promise.all(dependencies.map((dependency) => this.#check(dependency)));
    const system = this.#options.system();
    const modules = this.#options.modules();
    const parts = dependencies.map(({ criticality }, place) =>
      capped(answers[place]?.status ?? 'UNKNOWN', criticality),
    );
    const beats = Object.values(modules).map(({ status }) => capped(status, 'degrading'));
    return {
      service,
      status: worstStatus([...parts, system.status, ...beats]),
      uptime_s: Math.round((time.monotonic() - this.#startedAt) / 100) / 10,
      timestamp: new Date(time.now()).toISOString(),
      dependencies: Object.fromEntries(
        dependencies.flatMap(({ name }, place) => {
          const answer = answers[place];
          return answer === undefined ? [] : [[name, answer]];
        }),
      ),
      system,
      modules,
    };
  }

  async #check(dependency: Dependency): Promise<DependencyHealth> {
    const { time } = this.#options;
    const askedAt = time.monotonic();
    const last_check = new Date(time.now()).toISOString();
    try {
      const reading = await this.#withinTime(dependency);
      const latency_ms = Math.round((time.monotonic() - askedAt) * 100) / 100;
      const status = reading.status ?? statusOf(latency_ms, latencyDegradedMs, latencyCriticalMs);
      return { status, latency_ms, error: reading.error ?? null, last_check, details: { ...reading.details } };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { status: 'CRITICAL', latency_ms: null, error: message, last_check, details: {} };
    }
  }

  async #withinTime(dependency: Dependency): Promise<DependencyReading> {
    const { promise, reject } = Promise.withResolvers<never>();
    const late = (): void => reject(new Error(`no answer within ${checkMs} ms`));
    const cancel = this.#options.time.after(checkMs, late);
    try {
      return await Promise.race([dependency.check(), promise]);
    } finally {
      cancel();
    }
  }
}

function capped(status: HealthStatus, criticality: Dependency['criticality']): HealthStatus {
  return criticality === 'degrading' && status === 'CRITICAL' ? 'DEGRADED' : status;
}
