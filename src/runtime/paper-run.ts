import { type FileJournal, openJournal } from '#adapters/journal/file-journal.ts';
import { type FileOperations, systemFiles } from '#adapters/journal/file-operations.ts';
import { type FolderLock, lockFolder } from '#adapters/journal/folder-lock.ts';
import type { Event } from '#domain/events.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import type { ColumnsFeed } from '#engine/columns-feed.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { createLoop, handle, type Loop, runUntil } from '#engine/loop.ts';
import type { VenuePort } from '#engine/ports.ts';
import type { EngineState } from '#engine/state.ts';
import { modules } from '#modules/index.ts';
import type { VenueState } from '#sim/venue-state.ts';
import { codeVersion } from './code-version.ts';
import type { DeskRun, JournalStanding, OpenedRun } from './desk-run.ts';
import { calendarAround, documentOf, openVenue, venueFor } from './desk-setup.ts';
import { DurableWrites } from './durable-writes.ts';
import { GuardedLoop } from './guarded-loop.ts';
import { fencedVenue, type LeaseKeeper } from './lease-keeper.ts';
import { stateOf } from './read-run.ts';
import { recover, recoveringJournal } from './recover-run.ts';
import { recoveryFence } from './recovery-fence.ts';
import { createRunFolder, hasRun, journalFolder, RunError, type RunManifest, readManifest } from './run-folder.ts';
import { newestSnapshot, RunSnapshots } from './run-snapshots.ts';
import { requireSameRun } from './same-run.ts';
import { sealableFiles } from './sealable-files.ts';
import {
  addedPolicies,
  type ListedInstrument,
  type PolicyDocument,
  type RunSetup,
  runIdOf,
  startEvents,
} from './start-events.ts';
import { JournalTail } from './tail/journal-tail.ts';

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
  /** The right to trade the account, where somebody else could have it. Once it is over nothing is decided or sent any more. */
  readonly lease?: Pick<LeaseKeeper, 'require' | 'doubt'>;
  /** How the journal is written; a test hands in a disk that fails. */
  readonly files?: FileOperations;
  /** Hears what is wrong beside the trading: a disk that is full, a snapshot that cannot be written. */
  onProblem?(problem: string): void;
  /** Shows every event after it was folded, those of a recovery too. */
  onEvent?(event: Event): void;
  onProgress?(stage: 'recovery' | 'warmup', done: number, total: number): void;
}

/** What a snapshot holds beside the engine: the venue in the same process, and how far the loop had come. */
interface PaperSnapshot {
  readonly state: EngineState;
  readonly venue: VenueState;
  readonly nextTickAt: number;
  readonly takenUntilAt: number;
}

/** A desk trading on paper: market, clock and simulated venue in one process, journalled, recovered, paced against the wall clock. */
export class PaperRun implements DeskRun {
  readonly engine: Engine;
  readonly opened: OpenedRun;
  readonly tail: JournalTail;
  readonly #options: PaperOptions;
  readonly #lock: FolderLock;
  readonly #journal: FileJournal;
  readonly #durable: DurableWrites;
  readonly #loop: Loop;
  readonly #guarded: GuardedLoop;
  readonly #venue: VenueState;
  #timer: NodeJS.Timeout | undefined;
  #sliceMs: number | undefined;
  readonly #snapshots: RunSnapshots;
  #snapshotAt = 0;

  private constructor(parts: RunParts & { options: PaperOptions; lock: FolderLock }) {
    this.#options = parts.options;
    this.#lock = parts.lock;
    this.#journal = parts.journal;
    this.#durable = parts.durable;
    this.#loop = parts.loop;
    this.#guarded = new GuardedLoop({ ...parts, lease: parts.options.lease });
    this.#venue = parts.venue;
    this.engine = parts.loop.engine;
    this.tail = parts.tail;
    this.opened = parts.opened;
    this.#snapshots = new RunSnapshots(parts.options.folder, (problem) => parts.options.onProblem?.(problem));
  }

  /** Opens a data folder: a new run in an empty one, the recovered run where there is one. There is no other way to start. */
  static open(options: PaperOptions): PaperRun {
    const lock = lockFolder(options.folder);
    try {
      const run = new PaperRun({ options, lock, ...openParts(options) });
      run.#guarded.hold();
      return run;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get at(): number {
    return this.engine.state.at;
  }

  get failure(): Error | undefined {
    return this.#guarded.failure;
  }

  get journal(): JournalStanding {
    const { lastSequence, durableSequence } = this.#journal;
    return { lastSequence, durableSequence, problem: this.#durable.problem };
  }

  get sliceMs(): number | undefined {
    return this.#sliceMs;
  }

  get switchSequence(): number {
    return this.#durable.switchSequence;
  }

  /** Takes in history up to the moment the desk goes live, or until told to stop. Does nothing where that has happened. */
  async warmUp(stop?: AbortSignal): Promise<void> {
    const { market, onProgress } = this.#options;
    const total = market.liveAt - market.startAt;
    while (!this.engine.state.isWarm && stop?.aborted !== true) {
      this.#guarded.orEnd(() => {
        const taken = runUntil(this.#loop, market.liveAt, sliceTurns);
        onProgress?.('warmup', Math.max(0, this.at - market.startAt), total);
        if (taken > 0) return;
        handle(this.#loop, { type: 'warmup.completed', at: market.liveAt, bars: this.engine.state.counts.bars });
      });
      await this.#durable.makeAside();
      this.#guarded.orEnd(() => this.#guarded.hold());
    }
  }

  /** Lets time run, as fast as the options say, until `stop` or the end of the market's data. */
  start(onEnd: () => void): void {
    const startedAt = performance.now();
    const fromAt = this.at;
    const turn = (): void => {
      try {
        const untilAt = fromAt + (performance.now() - startedAt) * this.#options.speed;
        const isCaughtUp = this.#guarded.orEnd(() => this.#advance(Math.min(untilAt, this.#options.market.untilAt)));
        if (this.#hasEnded()) onEnd();
        else this.#timer = setTimeout(turn, isCaughtUp ? paceMs : 0);
      } catch {
        onEnd();
      }
    };
    this.#timer = setTimeout(turn, 0);
  }

  #advance(untilAt: number): boolean {
    const startedAt = performance.now();
    const taken = this.#takeTurns(untilAt, sliceTurns);
    const isCaughtUp = taken < sliceTurns;
    if (isCaughtUp) {
      if (this.#snapshotAt === 0) this.#snapshotAt = performance.now();
      if (performance.now() - this.#snapshotAt > snapshotEveryMs) this.#keepSnapshot();
    }
    if (taken > 0) {
      this.#guarded.makeDurable();
      this.#sliceMs = performance.now() - startedAt;
    }
    return isCaughtUp;
  }

  /** One by one, so that a lease that is over or a disk that fails is seen before the next turn. */
  #takeTurns(untilAt: number, turnsMax: number): number {
    for (let taken = 0; taken < turnsMax; taken += 1) {
      this.#guarded.require();
      if (runUntil(this.#loop, untilAt, 1) === 0) return taken;
      this.#guarded.hold();
    }
    return turnsMax;
  }

  #hasEnded(): boolean {
    return this.#loop.ports.feed.peekAt() === Infinity && this.#loop.nextTickAt > this.#options.market.untilAt;
  }

  request(input: (at: number) => Event): void {
    this.#guarded.request(input);
  }

  /**
   * A snapshot stands between two instants: what the current one still holds is taken first, and all of it is durable. One of what
   * the journal does not hold would bring back a past that the next start has not seen, so it is left out.
   */
  #keepSnapshot(): void {
    const takenUntilAt = this.at;
    this.#takeTurns(takenUntilAt, Number.MAX_SAFE_INTEGER);
    const isDurable = this.#guarded.makeDurable();
    this.#snapshotAt = performance.now();
    if (!isDurable) return;
    const { state } = this.engine;
    const { nextTickAt } = this.#loop;
    this.#snapshots.write(state.sequence, { state, venue: this.#venue, nextTickAt, takenUntilAt });
  }

  /**
   * Stops in order: everything durable, a last snapshot, the folder free again. The folder is free as well where this rejects, as it does
   * with a `JournalWriteError` where the last entries could not be kept.
   */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.#snapshots.settled();
      if (this.#guarded.failure === undefined) this.#guarded.orEnd(() => this.#keepSnapshot());
      await this.#snapshots.settled();
      if (this.#guarded.failure === undefined) this.#durable.end();
    } finally {
      await this.#journal.close().finally(() => this.#lock.release());
    }
  }
}

interface RunParts {
  readonly journal: FileJournal;
  readonly durable: DurableWrites;
  readonly loop: Loop;
  readonly venue: VenueState;
  readonly tail: JournalTail;
  readonly opened: OpenedRun;
}

function openParts(options: PaperOptions): RunParts {
  const setup = setupOf(options);
  const isNew = !hasRun(options.folder);
  if (isNew) createRunFolder(options.folder, manifestOf(options, setup));
  const manifest = readManifest(options.folder);
  requireSameRun(options.folder, manifest, {
    ...options,
    market: options.market.name,
    dataHash: options.market.dataHash,
  });
  const files = sealableFiles(options.files ?? systemFiles);
  const journal = openJournal(journalFolder(options.folder), { runId: manifest.runId, operations: files.operations });
  const notices = journal.repairs.map((repair) => `the journal was mended at opening: ${JSON.stringify(repair)}`);
  const found = newestSnapshot(options.folder, journal.lastSequence);
  notices.push(...found.notices);
  const kept = found.snapshot === undefined ? undefined : snapshotOf(found.snapshot.value);
  const venue = kept?.venue ?? venueFor({ ...options, listed: setup.instruments, calendar: setup.calendar });
  const engine = createEngine(modules, kept?.state);
  const recovering = recoveringJournal(options.folder, (found.snapshot?.sequence ?? 0) + 1, journal);
  const tail = new JournalTail({
    folder: options.folder,
    runId: manifest.runId,
    durableSequence: journal.durableSequence,
  });
  const { folder, onProblem } = options;
  const durable = new DurableWrites({ folder, journal, engine, tail, onProblem, seal: files.seal });
  const fence = recoveryFence(options.lease);
  const loop = loopFor(options, engine, durable.venue(fencedVenue(openVenue(venue), fence)), {
    journal: durable.entries(recovering),
    makeDurable: () => void durable.make(),
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
  durable.make();
  fence.raise();
  const opened: OpenedRun = { isNew, recoveredEvents, notices };
  return { journal, durable, loop, venue, tail, opened };
}

function snapshotOf(value: unknown): PaperSnapshot {
  const state = stateOf(value);
  if (typeof value !== 'object' || value === null || !('venue' in value))
    throw new RunError('a snapshot of a paper run holds its venue');
  return { ...(value as PaperSnapshot), state };
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
