import { VenueError } from '#domain/venue-error.ts';
import type { LiveReport } from '#engine/live-port.ts';
import { reconcileWith } from '#engine/reconcile.ts';
import { accountNews } from './account-news.ts';
import { readCursor, writeCursor } from './cursor-file.ts';
import type { LiveDesk } from './live-desk.ts';
import { Rounds } from './rounds.ts';
import { waitFor } from './wait-for.ts';

/** Reports that are thrown away because the account moved meanwhile, before a cycle gives up. */
const reportTriesMax = 3;
/** How long a position must differ before that is believed: histories and streams may be behind a report. */
const doubtMs = 5_000;
const doubtTriesMax = 3;

export interface ReconcilerOptions {
  readonly desk: LiveDesk;
  readonly folder: string;
  readonly everyMs: number;
  /** Whether an empty report is believed at once while positions are held. */
  readonly believesEmptyReports: boolean;
  /** Hears of orders that should work and are not in the report. */
  onMissing(clientOrderIds: readonly string[]): void;
}

/** Compares the desk's books with the venue's again and again. A question that fails is skipped and never an empty answer. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #rounds: Rounds;
  #cursor: string | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #reconciledAt: number | undefined;
  #told: string | undefined;

  constructor(options: ReconcilerOptions) {
    const { desk, everyMs, folder } = options;
    this.#options = options;
    this.#cursor = readCursor(folder);
    this.#rounds = new Rounds({
      time: desk.time,
      everyMs,
      act: async () => this.#tellOnce(await this.cycle()),
      onFailure: (error) => this.#tellOnce(error instanceof Error ? error.message : String(error)),
    });
  }

  /** When the books were last found or made equal, on the monotonic clock; undefined before the first time. */
  get reconciledAt(): number | undefined {
    return this.#reconciledAt;
  }

  /** Where the account's history has been taken in up to; undefined before the first report. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** The history begins with this report where nothing is known of an earlier one. */
  beginAt(report: LiveReport): void {
    if (this.#cursor === undefined) this.#keepCursor(report.cursor);
  }

  start(): void {
    this.#rounds.start();
  }

  /** A comparison as soon as can be. */
  ask(): void {
    this.#rounds.ask();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One comparison, after any that is on its way. Undefined where the books are equal then; else why they could not be compared. */
  cycle(): Promise<string | undefined> {
    const next = this.#last.then(() => this.#compare());
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Takes in what happened at the account since the cursor. True where something of it was news. */
  async catchUp(): Promise<boolean> {
    const { desk } = this.#options;
    if (this.#cursor === undefined) return false;
    const { events, cursor } = await desk.venue.catchUp(this.#cursor);
    // What has arrived meanwhile may have told the same.
    desk.tell([]);
    const news = accountNews(desk.engine.state, events, (input) => desk.isTold(input));
    desk.tell(news);
    this.#keepCursor(cursor);
    return news.length > 0;
  }

  async #compare(): Promise<string | undefined> {
    try {
      return await this.#compareUntilSure();
    } catch (error) {
      if (error instanceof VenueError) return error.message;
      throw error;
    }
  }

  async #compareUntilSure(): Promise<string | undefined> {
    const { desk } = this.#options;
    let doubted: string | undefined;
    let moves = 0;
    for (let doubts = 0; moves < reportTriesMax && doubts < doubtTriesMax; ) {
      const report = await this.#unmovedReport();
      if (report === undefined) {
        moves += 1;
        continue;
      }
      const doubt = this.#doubtOf(report);
      if (doubt === undefined || doubt === doubted) {
        this.#takeOver(report);
        return undefined;
      }
      doubted = doubt;
      doubts += 1;
      await waitFor(desk.time, doubtMs);
    }
    return moves >= reportTriesMax
      ? 'the account moved while its books were asked for'
      : 'the venue told other positions each time it was asked';
  }

  /** A report that nothing happened beside: whatever is in it has been told, or never will be. Undefined where something did. */
  async #unmovedReport(): Promise<LiveReport | undefined> {
    const { desk } = this.#options;
    const { activity } = desk;
    const report = await desk.venue.report();
    this.beginAt(report);
    const hadNews = await this.catchUp();
    return hadNews || desk.activity !== activity ? undefined : report;
  }

  /** In which positions the report and the books differ; undefined where that is nothing to wait for. */
  #doubtOf(report: LiveReport): string | undefined {
    const { desk, believesEmptyReports } = this.#options;
    const { state } = desk.engine;
    const isEmpty = report.positions.length === 0 && report.openOrders.length === 0;
    if (isEmpty && believesEmptyReports) return undefined;
    const differing = state.instrumentIds.flatMap((id) => {
      const wanted = report.positions.find(({ instrument }) => instrument === id)?.signedQuantity ?? 0;
      return wanted === (state.positions[id]?.signedQuantity ?? 0) ? [] : [`${id} ${wanted}`];
    });
    return differing.length === 0 ? undefined : differing.join(', ');
  }

  #takeOver(report: LiveReport): void {
    const { desk } = this.#options;
    const { events, differences, missingOrderIds } = reconcileWith(desk.engine.state, report);
    const { balance, positions } = report;
    const openOrderIds = report.openOrders.map(({ clientOrderId }) => clientOrderId);
    desk.tell([
      ...events,
      {
        type: 'venue.reconciled',
        balance,
        positions: positions.map(({ instrument, signedQuantity, cost }) => ({ instrument, signedQuantity, cost })),
        openOrderIds,
        differences: [...differences],
      },
    ]);
    this.#reconciledAt = desk.time.monotonic();
    for (const difference of differences) desk.notice(`reconciled: ${difference}`);
    if (missingOrderIds.length > 0) this.#options.onMissing(missingOrderIds);
  }

  #keepCursor(cursor: string): void {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    try {
      writeCursor(this.#options.folder, cursor);
    } catch (error) {
      // The next start asks for more than it needs; nothing is counted twice.
      this.#options.desk.problem(
        `the account's cursor was not kept: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** A venue that stays away is told of once and not at every try. */
  #tellOnce(reason: string | undefined): void {
    if (reason !== undefined && reason !== this.#told)
      this.#options.desk.notice(`the books were not compared: ${reason}`);
    this.#told = reason;
  }
}
