import { type FileJournal, openJournal } from '#adapters/journal/file-journal.ts';
import { type FolderLock, lockFolder } from '#adapters/journal/folder-lock.ts';
import { latestSnapshot, writeSnapshot } from '#adapters/journal/snapshot-files.ts';
import type { Event } from '#domain/events.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import type { ColumnsFeed } from '#engine/columns-feed.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { createLoop, handle, type Loop, runUntil } from '#engine/loop.ts';
import type { VenuePort } from '#engine/ports.ts';
import { modules } from '#modules/index.ts';
import type { VenueState } from '#sim/venue-state.ts';
import { codeVersion } from './code-version.ts';
import { calendarAround, documentOf, openVenue, venueFor } from './desk-setup.ts';
import { stateOf } from './read-run.ts';
import { recover, recoveringJournal } from './recover-run.ts';
import {
  createRunFolder,
  hasRun,
  journalFolder,
  RunError,
  type RunManifest,
  readManifest,
  snapshotFolder,
} from './run-folder.ts';
import {
  addedPolicies,
  type ListedInstrument,
  type PolicyDocument,
  type RunSetup,
  runIdOf,
  startEvents,
} from './start-events.ts';

/** Turns of the loop taken between two looks at the outside, so that the process answers while it catches up. */
const sliceTurns = 4_000;
const paceMs = 20;
const snapshotEveryMs = 60_000;

/** Where prices come from, and from when on the desk trades; everything before is history. */
export interface MarketSource {
  readonly name: string;
  readonly feed: ColumnsFeed;
  readonly listed: readonly ListedInstrument[];
  readonly startAt: number;
  readonly liveAt: number;
  readonly untilAt: number;
  readonly dataHash: string;
}

export interface PaperOptions {
  readonly folder: string;
  readonly desk: string;
  readonly market: MarketSource;
  readonly policies: readonly PolicyDocument[];
  readonly seed: number;
  readonly startBalance: number;
  /** Event time per wall time; 300 makes five minutes of a second. */
  readonly speed: number;
  /** False starts a fresh run with the kill switch engaged. */
  readonly releasesKill?: boolean;
  /** Shows every event after it was folded, those of a recovery too. */
  onEvent?(event: Event): void;
  onProgress?(stage: 'recovery' | 'warmup', done: number, total: number): void;
}

/** What opening a run found. */
export interface OpenedRun {
  readonly isNew: boolean;
  readonly recoveredEvents: number;
  readonly notices: readonly string[];
}

/** What a snapshot holds beside the engine: the venue in the same process, and how far the loop had come. */
interface SnapshotValue {
  readonly state: Engine['state'];
  readonly venue: VenueState;
  readonly nextTickAt: number;
  readonly takenUntilAt: number;
}

/** A desk trading on paper: market, clock and simulated venue in one process, journalled, recovered, paced against the wall clock. */
export class PaperRun {
  readonly engine: Engine;
  readonly opened: OpenedRun;
  readonly #options: PaperOptions;
  readonly #lock: FolderLock;
  readonly #journal: FileJournal;
  readonly #loop: Loop;
  readonly #venue: VenueState;
  #timer: NodeJS.Timeout | undefined;
  #snapshotAt = 0;
  #snapshotting: Promise<unknown> = Promise.resolve();
  #failure: Error | undefined;

  private constructor(parts: {
    options: PaperOptions;
    lock: FolderLock;
    journal: FileJournal;
    loop: Loop;
    venue: VenueState;
    opened: OpenedRun;
  }) {
    this.#options = parts.options;
    this.#lock = parts.lock;
    this.#journal = parts.journal;
    this.#loop = parts.loop;
    this.#venue = parts.venue;
    this.engine = parts.loop.engine;
    this.opened = parts.opened;
  }

  /** Opens a data folder: a new run in an empty one, the recovered run where there is one. There is no other way to start. */
  static open(options: PaperOptions): PaperRun {
    const lock = lockFolder(options.folder);
    try {
      return new PaperRun({ options, lock, ...openParts(options) });
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Event time of the newest event. */
  get at(): number {
    return this.engine.state.at;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Takes in history up to the moment the desk goes live, or until told to stop. Does nothing where that has happened. */
  async warmUp(stop?: AbortSignal): Promise<void> {
    const { market, onProgress } = this.#options;
    const total = market.liveAt - market.startAt;
    while (!this.engine.state.isWarm && stop?.aborted !== true) {
      const taken = runUntil(this.#loop, market.liveAt, sliceTurns);
      onProgress?.('warmup', Math.max(0, this.at - market.startAt), total);
      if (taken === 0) {
        handle(this.#loop, { type: 'warmup.completed', at: market.liveAt, bars: this.engine.state.counts.bars });
      }
      await this.#journal.flush();
    }
  }

  /** Lets time run, as fast as the options say, until `stop` or the end of the market's data. */
  start(onEnd: () => void): void {
    const startedAt = performance.now();
    const fromAt = this.at;
    const turn = (): void => {
      try {
        const untilAt = fromAt + (performance.now() - startedAt) * this.#options.speed;
        const isCaughtUp = this.#advance(Math.min(untilAt, this.#options.market.untilAt));
        if (this.#hasEnded()) onEnd();
        else this.#timer = setTimeout(turn, isCaughtUp ? paceMs : 0);
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        onEnd();
      }
    };
    this.#timer = setTimeout(turn, 0);
  }

  #advance(untilAt: number): boolean {
    const taken = runUntil(this.#loop, untilAt, sliceTurns);
    const isCaughtUp = taken < sliceTurns;
    if (isCaughtUp) {
      if (this.#snapshotAt === 0) this.#snapshotAt = performance.now();
      if (performance.now() - this.#snapshotAt > snapshotEveryMs) this.#keepSnapshot();
    }
    if (taken > 0) this.#journal.flushSync();
    return isCaughtUp;
  }

  #hasEnded(): boolean {
    return this.#loop.ports.feed.peekAt() === Infinity && this.#loop.nextTickAt > this.#options.market.untilAt;
  }

  /** Gives the engine an operator's input at the current event time; durable when this returns. */
  request(input: (at: number) => Event): void {
    handle(this.#loop, input(this.at));
    this.#journal.flushSync();
  }

  /** A snapshot stands between two instants: what the current one still holds is taken first, and all of it is durable. */
  #keepSnapshot(): void {
    const takenUntilAt = this.at;
    runUntil(this.#loop, takenUntilAt);
    this.#journal.flushSync();
    this.#snapshotAt = performance.now();
    const value: SnapshotValue = {
      state: this.engine.state,
      venue: this.#venue,
      nextTickAt: this.#loop.nextTickAt,
      takenUntilAt,
    };
    const sequence = this.engine.state.sequence;
    this.#snapshotting = writeSnapshot(snapshotFolder(this.#options.folder), {
      sequence,
      chainHash: '',
      codeVersion: codeVersion(),
      value,
    });
  }

  /** Stops in order: everything durable, a last snapshot, the folder free again. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#failure === undefined) {
      await this.#snapshotting;
      this.#keepSnapshot();
    }
    await this.#snapshotting;
    await this.#journal.close();
    this.#lock.release();
  }
}

interface RunParts {
  readonly journal: FileJournal;
  readonly loop: Loop;
  readonly venue: VenueState;
  readonly opened: OpenedRun;
}

function openParts(options: PaperOptions): RunParts {
  const setup = setupOf(options);
  const isNew = !hasRun(options.folder);
  if (isNew) createRunFolder(options.folder, manifestOf(options, setup));
  const manifest = readManifest(options.folder);
  requireSameRun(manifest, options);
  const journal = openJournal(journalFolder(options.folder), { runId: manifest.runId });
  const notices = journal.repairs.map((repair) => `the journal was mended at opening: ${JSON.stringify(repair)}`);
  const { snapshot, skipped } = latestSnapshot(snapshotFolder(options.folder), journal.lastSequence);
  for (const { name, reason } of skipped) notices.push(`snapshot '${name}' was passed over: ${reason}`);
  const kept = snapshot === undefined ? undefined : snapshotValue(snapshot.value);
  const venue = kept?.venue ?? venueFor({ ...options, listed: setup.instruments, calendar: setup.calendar });
  const engine = createEngine(modules, kept?.state);
  const recovering = recoveringJournal(options.folder, (snapshot?.sequence ?? 0) + 1, journal);
  const loop = loopFor(options, engine, openVenue(venue), {
    journal: recovering,
    makeDurable: () => journal.flushSync(),
  });
  if (kept !== undefined) {
    loop.nextTickAt = kept.nextTickAt;
    options.market.feed.skipTo(kept.takenUntilAt);
  }
  const recoveredEvents = recover(loop, recovering, (done) => options.onProgress?.('recovery', done, 0));
  if (engine.state.sequence === 0) for (const event of startEvents(setup)) handle(loop, event);
  for (const event of addedPolicies(setup.policies, engine.state.policies, engine.state.at)) {
    handle(loop, event);
    notices.push(`policy '${event.key}' was added: this version reads it and the run did not have it`);
  }
  journal.flushSync();
  const opened: OpenedRun = { isNew, recoveredEvents, notices };
  return { journal, loop, venue, opened };
}

function loopFor(
  options: PaperOptions,
  engine: Engine,
  venue: VenuePort,
  kept: Pick<Loop['ports'], 'journal' | 'makeDurable'>,
): Loop {
  const desk = documentOf(options, 'desk') as unknown as DeskPolicy;
  const { market } = options;
  const onEvent = (event: Event): void => options.onEvent?.(event);
  return createLoop(engine, { feed: market.feed, venue, ...kept, onEvent }, market.startAt, desk.decisionGridMs);
}

function snapshotValue(value: unknown): SnapshotValue {
  const state = stateOf(value);
  if (typeof value !== 'object' || value === null || !('venue' in value))
    throw new RunError('a snapshot of a paper run holds its venue');
  return { ...(value as SnapshotValue), state };
}

function setupOf(options: PaperOptions): RunSetup {
  const { market, desk, seed, startBalance, policies } = options;
  const deskPolicy = documentOf(options, 'desk') as unknown as DeskPolicy;
  return {
    kind: 'paper',
    desk,
    at: market.startAt,
    seed,
    startBalance,
    moneyDecimals: deskPolicy.moneyDecimals,
    recordsFacts: true,
    dataHash: market.dataHash,
    instruments: market.listed,
    policies,
    calendar: calendarAround(market.startAt, market.untilAt),
    releasesKill: options.releasesKill ?? true,
  };
}

function manifestOf(options: PaperOptions, setup: RunSetup): RunManifest {
  return {
    format: 1,
    runId: runIdOf(setup),
    kind: 'paper',
    desk: options.desk,
    seed: options.seed,
    market: options.market.name,
    instruments: setup.instruments.map(({ instrument }) => instrument.symbol),
    startAt: setup.at,
    startBalance: options.startBalance,
    codeVersion: codeVersion(),
    dataHash: options.market.dataHash,
  };
}

/** A folder holds one run. Another market, seed or balance is another run and wants another folder. */
function requireSameRun(manifest: RunManifest, options: PaperOptions): void {
  const facts: [string, unknown, unknown][] = [
    ['market', manifest.market, options.market.name],
    ['seed', manifest.seed, options.seed],
    ['start balance', manifest.startBalance, options.startBalance],
    ['data', manifest.dataHash, options.market.dataHash],
    ['desk', manifest.desk, options.desk],
  ];
  for (const [what, held, asked] of facts) {
    if (held !== asked) {
      throw new RunError(
        `'${options.folder}' holds a run with ${what} '${String(held)}', asked for '${String(asked)}': choose another --data-dir`,
      );
    }
  }
}
