import { isMarketOpen } from '#domain/calendar.ts';
import type { LiveDesk, LiveInput } from './live-desk.ts';
import { Rounds } from './rounds.ts';

/** Without a word of the venue for this long while its market is open, something is wrong that no stream has noticed. */
const silenceMsMax = 90_000;
/** Comparisons of the books that may fail one after the other. */
const missedComparisons = 4;
const lookEveryMs = 5_000;

/** What the run itself has reason not to trust; the venue's adapter has its own. */
type Part = 'pause' | 'silence' | 'books';

export interface LinkOptions {
  readonly desk: LiveDesk;
  readonly reconcileEveryMs: number;
  reconciledAt(): number | undefined;
  /** Compares the books; undefined where they are equal then. */
  reconcile(): Promise<string | undefined>;
}

/** Holds the desk while there is reason not to trust time, feed or books, and lets it go on once the books were compared. */
export class LinkWatch {
  readonly #options: LinkOptions;
  readonly #rounds: Rounds;
  readonly #distrusted = new Set<Part>();
  #arrivedAt: number;
  #openSince: number | undefined;

  constructor(options: LinkOptions) {
    const { desk } = options;
    this.#options = options;
    this.#arrivedAt = desk.time.monotonic();
    this.#rounds = new Rounds({
      time: desk.time,
      everyMs: lookEveryMs,
      act: () => this.#look(),
      onFailure: (error) => desk.notice(`the link: ${error instanceof Error ? error.message : String(error)}`),
    });
  }

  start(): void {
    this.#arrivedAt = this.#options.desk.time.monotonic();
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** The venue has said something. */
  arrived(): void {
    this.#arrivedAt = this.#options.desk.time.monotonic();
  }

  /** What the engine is told where a part is trusted no more; nothing where it is not since earlier. */
  distrust(part: Part, reason: string): readonly LiveInput[] {
    if (this.#distrusted.has(part)) return [];
    this.#distrusted.add(part);
    return [{ type: 'venue.impaired', part, instrument: null, reason }];
  }

  async #look(): Promise<void> {
    const { desk, reconcile } = this.#options;
    const isSilent = this.#isSilent();
    if (isSilent) this.#tell('silence', `the venue has said nothing for ${silenceMsMax} ms`);
    if (this.#isOverdue()) this.#tell('books', 'the books could not be compared for a while');
    if (this.#distrusted.size === 0 || (isSilent && this.#distrusted.size === 1)) return;
    if ((await reconcile()) !== undefined) return;
    for (const part of [...this.#distrusted]) {
      if (part === 'silence' && this.#isSilent()) continue;
      this.#distrusted.delete(part);
      desk.tell([{ type: 'venue.restored', part, instrument: null }]);
    }
  }

  #tell(part: Part, reason: string): void {
    const inputs = this.distrust(part, reason);
    if (inputs.length === 0) return;
    this.#options.desk.problem(reason);
    this.#options.desk.tell(inputs);
  }

  /** While the market is closed nothing needs to arrive. */
  #isSilent(): boolean {
    const { desk } = this.#options;
    const { calendar } = desk.engine.state;
    const now = desk.time.monotonic();
    const isOpen = calendar === null || isMarketOpen(calendar, desk.time.now());
    this.#openSince = isOpen ? (this.#openSince ?? now) : undefined;
    if (this.#openSince === undefined) return false;
    return now - Math.max(this.#arrivedAt, this.#openSince) > silenceMsMax;
  }

  #isOverdue(): boolean {
    const { desk, reconciledAt, reconcileEveryMs } = this.#options;
    const at = reconciledAt();
    return at !== undefined && desk.time.monotonic() - at > missedComparisons * reconcileEveryMs + silenceMsMax;
  }
}
