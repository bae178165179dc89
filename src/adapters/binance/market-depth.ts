import { type DepthBook, depthBook, depthInput, forget, isKnown, takeSnapshot, takeUpdate } from './depth-book.ts';
import type { MarketContext } from './market-context.ts';
import { quarantined } from './quarantine.ts';
import { depthSnapshotSchema, depthUpdateSchema } from './schema.ts';

const snapshotLevels = 1_000;
/** A snapshot is asked for no more often than this, whatever comes of it. */
const snapshotEveryMs = 5_000;

interface DepthState {
  readonly book: DepthBook;
  askedAt: number;
  isAsking: boolean;
}

/** The best levels of the desk's books, once a second. */
export class MarketDepth {
  readonly #context: MarketContext;
  readonly #states = new Map<string, DepthState>();

  constructor(context: MarketContext, symbols: readonly string[]) {
    this.#context = context;
    for (const symbol of symbols) {
      const market = context.markets.get(symbol);
      if (market === undefined) continue;
      this.#states.set(symbol, {
        book: depthBook(market.instrument),
        askedAt: Number.NEGATIVE_INFINITY,
        isAsking: false,
      });
    }
  }

  onDepth(payload: unknown): void {
    const parsed = depthUpdateSchema.safeParse(payload);
    if (!parsed.success) {
      this.#context.tell(quarantined('depth', 'a change of the book cannot be read', JSON.stringify(payload)));
      return;
    }
    const state = this.#states.get(parsed.data.s);
    if (state === undefined) return;
    const wasKnown = isKnown(state.book);
    if (!takeUpdate(state.book, parsed.data) && wasKnown) this.#context.tell(depthInput(state.book));
    if (state.book.lastId === undefined) this.#ask(parsed.data.s, state);
  }

  /** Whatever the stream carried while it was down is missing. */
  onDown(): void {
    for (const { book } of this.#states.values()) {
      const wasKnown = isKnown(book);
      forget(book);
      if (wasKnown) this.#context.tell(depthInput(book));
    }
  }

  /** Tells what is known. Called once a second. */
  tell(): void {
    for (const { book } of this.#states.values()) if (isKnown(book)) this.#context.tell(depthInput(book));
  }

  #ask(symbol: string, state: DepthState): void {
    const now = this.#context.time.monotonic();
    if (state.isAsking || now - state.askedAt < snapshotEveryMs) return;
    state.isAsking = true;
    state.askedAt = now;
    this.#context.rest
      .ask('depth', { symbol, limit: snapshotLevels }, depthSnapshotSchema, { priority: 'background' })
      .then((snapshot) => {
        if (!takeSnapshot(state.book, snapshot))
          this.#context.onNotice(`a snapshot of '${symbol}' did not fit its changes`);
      })
      .catch((error: unknown) => {
        this.#context.onNotice(
          `a snapshot of '${symbol}' failed: ${error instanceof Error ? error.message : 'no reason'}`,
        );
      })
      .finally(() => {
        state.isAsking = false;
      });
  }
}
