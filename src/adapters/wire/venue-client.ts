import { NetworkError } from '#domain/network-error.ts';
import type { HttpAnswer, HttpRequest, NetworkPort, TimePort } from '#engine/ports.ts';
import { askedPauseUntil } from './asked-pause.ts';
import type { CallPriority } from './call-priority.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { parseExactJson } from './exact-json.ts';
import { codeOf } from './network-failure.ts';
import type { CallCosts, RateBudget } from './rate-budget.ts';
import { spreadMs } from './spread-ms.ts';

/** The waits before an idempotent call is tried again; as many tries more. */
const retryWaitsMs = [200, 400, 800];

export interface VenueCall {
  /** Makes the request right before it leaves, so that times and signatures are fresh; called anew for each try. */
  prepare(): HttpRequest;
  readonly costs: CallCosts;
  readonly priority: CallPriority;
  /** Only what may be carried out twice without harm is ever sent again. */
  readonly isIdempotent: boolean;
  /** For the wait until it may leave, and again for the answer to each try. */
  readonly timeoutMs?: number;
  /** Milliseconds UTC after which it must not leave any more. */
  readonly deadlineAt?: number;
}

/** Why a call never left: the codes of the budget, an open breaker, a deadline that is over, or a venue that nothing could be sent to. */
export type DenialCode = 'LIMIT' | 'PAUSED' | 'QUEUE_FULL' | 'BREAKER' | 'DEADLINE' | 'UNREACHABLE';

/**
 * What came of a call. `answered` is a whole answer in JSON, of whatever status. `denied` is certain not to have left. `unknown` may have
 * been carried out or not; the status is there where one came.
 */
export type VenueAnswer =
  | {
      readonly type: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    }
  | { readonly type: 'denied'; readonly code: DenialCode; readonly reason: string; readonly retryAt: number }
  | { readonly type: 'unknown'; readonly reason: string; readonly status?: number };

export interface VenueClientOptions {
  readonly network: NetworkPort;
  readonly time: TimePort;
  readonly budget: RateBudget;
  readonly breaker: CircuitBreaker;
  readonly onNotice: (text: string) => void;
  readonly timeoutMs?: number;
  /** Headers, in lower case, in which the venue says how much of a window is used, each with the window's name. */
  readonly usedHeaders?: Readonly<Record<string, string>>;
}

interface Deadline {
  isOver(): boolean;
  leftMs(): number;
}

/**
 * Asks a venue over HTTP: within its limits, within time, and never twice what may not be done twice. Nothing is thrown for what the
 * network or the venue does.
 */
export class VenueClient {
  readonly #options: VenueClientOptions;
  readonly #time: TimePort;
  readonly #timeoutMs: number;

  constructor(options: VenueClientOptions) {
    this.#options = options;
    this.#time = options.time;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
  }

  async call(call: VenueCall): Promise<VenueAnswer> {
    const deadline = this.#deadlineOf(call);
    let sent: VenueAnswer | undefined;
    for (let tries = 0; ; tries++) {
      const answer = await this.#try(call, deadline);
      // A later try that did not leave says nothing of an earlier one that did.
      if (answer.type !== 'denied') sent = answer;
      const waitMs = call.isIdempotent && isWorthRetry(answer) ? retryWaitsMs[tries] : undefined;
      if (waitMs === undefined) return sent ?? answer;
      await this.#wait(spreadMs(waitMs, this.#time));
    }
  }

  /** By both clocks: one that steps back gives an old order no more time. */
  #deadlineOf({ deadlineAt }: VenueCall): Deadline {
    if (deadlineAt === undefined) return { isOver: () => false, leftMs: () => Number.POSITIVE_INFINITY };
    const overAt = this.#time.monotonic() + deadlineAt - this.#time.now();
    const leftMs = (): number => Math.min(deadlineAt - this.#time.now(), overAt - this.#time.monotonic());
    return { isOver: () => leftMs() < 0, leftMs };
  }

  async #try(call: VenueCall, deadline: Deadline): Promise<VenueAnswer> {
    const breakerMs = call.priority === 'reduction' ? 0 : this.#options.breaker.openForMs();
    if (breakerMs > 0) return this.#denied('BREAKER', 'the venue failed too often of late', breakerMs);
    if (deadline.isOver()) return this.#late();
    const timeoutMs = call.timeoutMs ?? this.#timeoutMs;
    const taken = await this.#options.budget.take(call.costs, call.priority, Math.min(timeoutMs, deadline.leftMs()));
    if (taken !== 'taken') return { type: 'denied', code: taken.denied, reason: taken.reason, retryAt: taken.retryAt };
    if (deadline.isOver()) return this.#late();
    const request = call.prepare();
    try {
      return this.#read(await this.#options.network.request(request, timeoutMs));
    } catch (error) {
      return this.#failed(error);
    }
  }

  #read(answer: HttpAnswer): VenueAnswer {
    const { status, headers } = answer;
    const body = bodyOf(answer);
    this.#learn(answer, body);
    if (body === undefined || isFailure(status)) this.#countFailure();
    else this.#options.breaker.succeeded();
    if (body !== undefined) return { type: 'answered', status, headers, body };
    const found = `'${answer.body.length}' characters of '${headers['content-type'] ?? ''}' with status '${status}'`;
    return { type: 'unknown', reason: `JSON was expected, found ${found}`, status };
  }

  #failed(error: unknown): VenueAnswer {
    this.#countFailure();
    if (!(error instanceof NetworkError)) return { type: 'unknown', reason: `the network failed: '${codeOf(error)}'` };
    if (error.mayHaveArrived) return { type: 'unknown', reason: error.message };
    return this.#denied('UNREACHABLE', error.message, 0);
  }

  #learn(answer: HttpAnswer, body: unknown): void {
    const { budget, usedHeaders = {} } = this.#options;
    for (const [header, windowName] of Object.entries(usedHeaders)) {
      const used = answer.headers[header];
      if (used !== undefined) budget.learn(windowName, Number(used));
    }
    const untilAt = askedPauseUntil(answer, body, this.#time.now());
    if (untilAt !== undefined) this.#pause(untilAt, answer.status);
  }

  #pause(untilAt: number, status: number): void {
    const { budget, onNotice } = this.#options;
    const before = budget.pausedUntil();
    try {
      budget.pause(untilAt, `the venue answered '${status}'`);
    } catch (error) {
      onNotice(`a pause asked for by the venue could not be kept for the next start: '${codeOf(error)}'`);
    }
    const until = budget.pausedUntil();
    if (until !== before) onNotice(`the venue answered '${status}' and is not asked until '${until}'`);
  }

  #countFailure(): void {
    const { breaker, onNotice } = this.#options;
    const wasOpen = breaker.isOpen();
    breaker.failed();
    if (!wasOpen && breaker.isOpen())
      onNotice(`the venue failed too often; it is asked again in '${breaker.openForMs()}' ms`);
  }

  #late(): VenueAnswer {
    return this.#denied('DEADLINE', 'the time was over before it could leave', 0);
  }

  #denied(code: DenialCode, reason: string, waitMs: number): VenueAnswer {
    return { type: 'denied', code, reason, retryAt: Math.ceil(this.#time.now() + waitMs) };
  }

  #wait(ms: number): Promise<void> {
    return new Promise((done) => {
      this.#time.after(ms, done);
    });
  }
}

/** The venue, or something in front of it, could not do its part. */
function isFailure(status: number): boolean {
  return status >= 500 || status === 408;
}

function isWorthRetry(answer: VenueAnswer): boolean {
  switch (answer.type) {
    case 'answered':
      return isFailure(answer.status);
    case 'denied':
      return answer.code === 'UNREACHABLE';
    case 'unknown':
      return answer.status === undefined || answer.status < 400 || isFailure(answer.status);
  }
}

/** What was answered, or undefined where it is no JSON, which itself never reads as undefined. */
function bodyOf({ body }: HttpAnswer): unknown {
  try {
    return parseExactJson(body);
  } catch {
    return undefined;
  }
}
