import type { Lease, LeaseRefusal } from '#domain/lease.ts';
import type { Command, TimePort, VenuePort } from '#engine/ports.ts';

/** Where leases are kept. */
export interface LeaseStore {
  acquire(account: string, holder: string, ttlMs: number): Promise<Lease | LeaseRefusal>;
  renew(lease: Lease, ttlMs: number): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  /** The store's own clock, ms UTC. */
  serverAt(): Promise<number>;
  close(): Promise<void>;
}

/** Raised where an account is somebody else's, from the start or from some moment on. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export interface LeaseOptions {
  readonly store: LeaseStore;
  readonly account: string;
  readonly holder: string;
  readonly time: TimePort;
  /** How long a grant holds without being renewed. */
  readonly ttlMs?: number;
  onProblem?(problem: string): void;
}

const usualTtlMs = 15_000;
/** Share of a grant after which it is renewed, and after which it counts as over here, before it is over at the store. */
const renewShare = 1 / 3;
/** Share of a grant after which a store that did not answer is asked again: a short outage must not meet every renewal of a grant. */
const retryShare = 1 / 15;
const trustShare = 0.8;

/** One account's lease, renewed while it is kept. What is asked is the local clock, so the answer never waits for a store. */
export class LeaseKeeper {
  readonly #options: LeaseOptions;
  readonly #ttlMs: number;
  #lease: Lease;
  #trustedUntil: number;
  #isOver = false;
  #told: string | undefined;
  #cancel: () => void = () => undefined;
  #renewing: Promise<void> = Promise.resolve();

  private constructor(options: LeaseOptions, lease: Lease, ttlMs: number, trustedUntil: number) {
    this.#options = options;
    this.#lease = lease;
    this.#ttlMs = ttlMs;
    this.#trustedUntil = trustedUntil;
    this.#schedule();
  }

  /** Asks for an account. Throws a `LeaseLostError` that names the holder where it is taken. */
  static async take(options: LeaseOptions): Promise<LeaseKeeper> {
    const { store, account, holder, time } = options;
    const ttlMs = options.ttlMs ?? usualTtlMs;
    // Counted from before the request: the store's own count begins later.
    const askedAt = time.monotonic();
    const answer = await store.acquire(account, holder, ttlMs);
    if ('token' in answer) return new LeaseKeeper(options, answer, ttlMs, askedAt + ttlMs * trustShare);
    throw new LeaseLostError(
      `the account '${account}' is traded by '${answer.holder}' for ${answer.remainingMs} ms more: one process trades an account`,
    );
  }

  /** What was granted last; a grant that ran out while the store was away is asked for anew, under another token. */
  get lease(): Lease {
    return this.#lease;
  }

  /** Whether this process may add to the account's exposure at this very moment. */
  isHeld(): boolean {
    return !this.#isOver && this.#options.time.monotonic() < this.#trustedUntil;
  }

  /**
   * Why it is not certain any more that nobody else has the account; undefined while it is certain. The store may be away, and nobody may
   * have taken the account: what only takes exposure away goes on, nothing is added.
   */
  get doubt(): string | undefined {
    if (this.#isOver || this.isHeld()) return undefined;
    return `the lease on '${this.#lease.account}' could not be renewed in time: ${this.#told ?? 'the store has not been asked yet'}`;
  }

  /** Throws a `LeaseLostError` where it is certain that another has the account, or where it was given back. */
  require(): void {
    if (!this.#isOver) return;
    throw new LeaseLostError(
      `the lease on '${this.#lease.account}' under token ${this.#lease.token} is over: nothing is sent any more`,
    );
  }

  /** Renews at once: after work that held the timers up, what was granted may be over here though not at the store. */
  async renewNow(): Promise<void> {
    await this.#renewing;
    if (!this.#isOver) await this.#renew();
  }

  /** Gives the account free. A store that is away lets the grant run out by itself. */
  async release(): Promise<void> {
    this.#isOver = true;
    this.#cancel();
    await this.#renewing;
    try {
      await this.#options.store.release(this.#lease);
    } catch (error) {
      this.#options.onProblem?.(error instanceof Error ? error.message : String(error));
    }
  }

  #schedule(share = renewShare): void {
    this.#cancel = this.#options.time.after(this.#ttlMs * share, () => {
      this.#renewing = this.#renew().then((isAnswered) => {
        if (!this.#isOver) this.#schedule(isAnswered ? renewShare : retryShare);
      });
    });
  }

  /** False where the store did not answer. What ran out there while it was away is asked for anew, since nobody may have taken it. */
  async #renew(): Promise<boolean> {
    const { store, account, holder, time } = this.#options;
    const askedAt = time.monotonic();
    try {
      if (!(await store.renew(this.#lease, this.#ttlMs))) {
        const answer = await store.acquire(account, holder, this.#ttlMs);
        if (!('token' in answer)) {
          this.#isOver = true;
          this.#tell(`the lease on '${account}' was lost: '${answer.holder}' has it`);
          return true;
        }
        this.#lease = answer;
      }
      this.#trustedUntil = askedAt + this.#ttlMs * trustShare;
      this.#tell(undefined);
      return true;
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** A store that stays away is told once and not at every try. */
  #tell(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#told) this.#options.onProblem?.(problem);
    this.#told = problem;
  }
}

/** A venue that takes commands from the holder of the account alone. A lost lease stops the run: what it would send is refused. */
export function fencedVenue(venue: VenuePort, lease: Pick<LeaseKeeper, 'require'>): VenuePort {
  return {
    send: (command: Command) => {
      lease.require();
      venue.send(command);
    },
    observe: (event) => venue.observe(event),
    poll: (at) => venue.poll(at),
    report: () => venue.report(),
  };
}
