import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { HistoryBar } from '#engine/live-port.ts';
import { barsBetween, floorMinute, tellCandleProblem } from './bar-history.ts';
import { type CandleProblem, minuteMs } from './mapper-candles.ts';
import type { OandaContext } from './oanda-context.ts';
import { quarantined } from './transaction-reading.ts';

/** How long after the end of a minute its bar is asked for; a bar that is there is not asked for again. */
const pollOffsetsMs: readonly number[] = [1_500, 2_500, 3_500, 5_000];
const firstOffsetMs = pollOffsetsMs[0] ?? 0;
const lastOffsetMs = pollOffsetsMs.at(-1) ?? 0;
/** Bars that were told lately are compared with what the venue says of them later. */
const comparedMs = 3 * minuteMs;
/** A minute without a bar may still get one for so long. */
const lateMs = 10 * minuteMs;
/** Bars and problems that are remembered for each instrument. */
const rememberedMax = 16;

export interface LiveBarsOptions {
  readonly context: OandaContext;
  readonly instruments: readonly Instrument[];
  /** Whether prices can be expected at an instant. */
  readonly isOpen: (at: number) => boolean;
  /** The open time of the first bar to tell, by instrument; the minute under way where nothing is said. */
  readonly startAtOf: (instrument: InstrumentId) => number | undefined;
}

interface BarProgress {
  readonly instrument: Instrument;
  /** The open time of the earliest bar that may still be told. */
  nextAt: number;
  /** The open time from which on bars may still come up: what is older and not there will not come. */
  askedFromAt: number;
  /** What was told of late, as text, by open time; `undefined` inside once a later version was put aside. */
  readonly toldByOpenAt: Map<number, string | undefined>;
  /** Candles that were put aside of late, as text. */
  readonly problems: Set<string>;
  /** Whether the last question had an answer. */
  isAnswered: boolean;
}

/**
 * Tells each bar once, shortly after it closed. The venue has no stream of bars: it is asked a few times after each minute, from the last
 * bar on, so that what was missed during an outage is told first and in order.
 */
export class LiveBars {
  readonly #options: LiveBarsOptions;
  readonly #progress: readonly BarProgress[];
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: LiveBarsOptions) {
    this.#options = options;
    const thisMinuteAt = floorMinute(options.context.time.now());
    this.#progress = options.instruments.map((instrument) => {
      const nextAt = options.startAtOf(instrument.id) ?? thisMinuteAt;
      return {
        instrument,
        nextAt,
        askedFromAt: nextAt,
        toldByOpenAt: new Map(),
        problems: new Set(),
        isAnswered: false,
      };
    });
  }

  /** What closed since the first bar to tell is asked for at once. */
  open(): void {
    const { time } = this.#options.context;
    this.#cancelTimer = time.after(0, () => void this.#ask(floorMinute(time.now())));
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  /** One timer, for the next offset after the end of a minute that is not over yet. */
  #await(): void {
    if (this.#isClosed) return;
    const { time } = this.#options.context;
    const now = time.now();
    const sinceMs = now - floorMinute(now);
    const offsetMs = pollOffsetsMs.find((offset) => offset > sinceMs) ?? minuteMs + firstOffsetMs;
    this.#cancelTimer = time.after(offsetMs - sinceMs, () => void this.#ask(floorMinute(time.now())));
  }

  async #ask(minuteAt: number): Promise<void> {
    const { time, health } = this.#options.context;
    const wanted = this.#progress.filter((progress) => this.#isWanted(progress, minuteAt));
    await Promise.all(wanted.map((progress) => this.#askOne(progress, minuteAt)));
    if (this.#isClosed) return;
    const silent = this.#progress.filter(({ isAnswered }) => !isAnswered).map(({ instrument }) => instrument.symbol);
    const isLast = time.now() - minuteAt >= lastOffsetMs;
    if (silent.length === 0) health.restore('history', null);
    // Without a bar after the last question there is none for the minute; a missing answer is something else.
    else if (isLast) health.impair('history', null, `no answer on the bars of '${silent.join("', '")}'`);
    this.#await();
  }

  /** The bar of the minute that just ended is still missing, or an earlier question had no answer. */
  #isWanted(progress: BarProgress, minuteAt: number): boolean {
    if (!progress.isAnswered) return true;
    return progress.nextAt < minuteAt && this.#options.isOpen(minuteAt - minuteMs);
  }

  async #askOne(progress: BarProgress, minuteAt: number): Promise<void> {
    const { context } = this.#options;
    try {
      const fromAt = progress.askedFromAt - comparedMs;
      const bars = await barsBetween(context, progress.instrument, {
        fromAt,
        untilAt: minuteAt,
        priority: 'normal',
        onProblem: (problem) => this.#tellProblem(progress, problem),
      });
      progress.isAnswered = true;
      if (this.#isClosed) return;
      for (const bar of bars) this.#take(progress, bar);
      progress.askedFromAt = Math.max(progress.askedFromAt, minuteAt - lateMs);
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      progress.isAnswered = false;
      context.notice(`bars of '${progress.instrument.symbol}' are not known: ${error.message}`);
    }
  }

  /** The venue says the same again whenever it is asked; it is told once. */
  #tellProblem({ instrument, problems }: BarProgress, problem: CandleProblem): void {
    const text = JSON.stringify(problem);
    if (problems.has(text) || this.#isClosed) return;
    problems.add(text);
    forgetOldest(problems);
    tellCandleProblem(this.#options.context, instrument, problem);
  }

  #take(progress: BarProgress, bar: HistoryBar): void {
    const { toldByOpenAt } = progress;
    const text = JSON.stringify(bar);
    if (bar.openAt >= progress.nextAt) {
      toldByOpenAt.set(bar.openAt, text);
      progress.nextAt = bar.openAt + minuteMs;
      progress.askedFromAt = Math.max(progress.askedFromAt, progress.nextAt);
      this.#options.context.tell({ type: 'bar.closed', ...bar });
      forgetOldest(toldByOpenAt);
      return;
    }
    const oldestAt = toldByOpenAt.keys().next().value;
    if (oldestAt === undefined || bar.openAt < oldestAt) return;
    const isKnown = toldByOpenAt.has(bar.openAt);
    if (isKnown && (toldByOpenAt.get(bar.openAt) ?? text) === text) return;
    this.#putAside(progress, bar, isKnown ? 'REVISED_BAR' : 'LATE_BAR');
  }

  /** Once for each bar: what was decided on the first word stays decided on it. */
  #putAside(progress: BarProgress, bar: HistoryBar, reason: string): void {
    const { context } = this.#options;
    progress.toldByOpenAt.set(bar.openAt, undefined);
    context.tell(quarantined(reason, bar, context.reading, 'history'));
  }
}

/** What was remembered first goes first. */
function forgetOldest<K>(remembered: Map<K, unknown> | Set<K>): void {
  if (remembered.size <= rememberedMax) return;
  for (const oldest of remembered.keys()) {
    remembered.delete(oldest);
    return;
  }
}
