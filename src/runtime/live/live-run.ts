import { type FolderLock, lockFolder } from '#adapters/journal/folder-lock.ts';
import type { Event, EventType } from '#domain/events.ts';
import type { Engine } from '#engine/engine.ts';
import type { VenueInput, VenueListener } from '#engine/live-port.ts';
import { protectiveOrderIds } from '#engine/protective-orders.ts';
import type { DeskRun, JournalStanding, OpenedRun } from '../desk-run.ts';
import { GuardedLoop } from '../guarded-loop.ts';
import { RunSnapshots } from '../run-snapshots.ts';
import type { JournalTail } from '../tail/journal-tail.ts';
import { armingRefusal } from './arming.ts';
import { cancelAllBut } from './cancel-drill.ts';
import { DeskClock } from './desk-clock.ts';
import { Inbox } from './inbox.ts';
import { calendarInputs } from './live-calendar.ts';
import type { LiveDesk, LiveInput } from './live-desk.ts';
import { LiveHands } from './live-hands.ts';
import { openAccount } from './live-opening.ts';
import type { LiveOptions } from './live-options.ts';
import { hasOpenEntries, type LiveParts, openLiveParts } from './live-parts.ts';
import { LiveTurns } from './live-turns.ts';
import { Pump } from './pump.ts';
import { Rounds } from './rounds.ts';
import { waitFor } from './wait-for.ts';

const usualSnapshotEveryMs = 60_000;

/** What may change the account's books. */
const accountInputs: ReadonlySet<EventType> = new Set<EventType>([
  'order.accepted',
  'order.rejected',
  'order.filled',
  'order.canceled',
  'order.expired',
  'order.amended',
  'order.adopted',
  'financing.charged',
  'balance.changed',
  'account.closedOut',
]);

/** A desk at a real account: what the venue tells comes in through an inbox, and time is that of the clock. */
export class LiveRun implements DeskRun {
  readonly engine: Engine;
  readonly opened: OpenedRun;
  readonly tail: JournalTail;
  readonly #options: LiveOptions;
  readonly #lock: FolderLock;
  readonly #parts: LiveParts;
  readonly #guarded: GuardedLoop;
  readonly #inbox = new Inbox();
  readonly #turns: LiveTurns;
  readonly #pump: Pump;
  readonly #hands: LiveHands;
  readonly #snapshots: RunSnapshots;
  readonly #snapshotRounds: Rounds;
  #arrivals = 0;
  #onEnd: (() => void) | undefined;

  private constructor(options: LiveOptions, lock: FolderLock, parts: LiveParts) {
    const { time, lease } = options;
    const { loop, durable, toldMoney } = parts;
    this.#options = options;
    this.#lock = lock;
    this.#parts = parts;
    this.engine = loop.engine;
    this.opened = parts.opened;
    this.tail = parts.tail;
    const clock = new DeskClock(time, loop.engine.state.isWarm ? loop.engine.state.at : 0);
    this.#turns = new LiveTurns({
      ...{ loop, clock, toldMoney },
      troubleOf: (reason) => this.#hands.link.distrust('pause', reason),
    });
    this.#guarded = new GuardedLoop({ loop, durable, lease, at: () => this.#turns.at() });
    this.#hands = new LiveHands(this.#desk(), { ...options, isDurable: () => durable.isDurable });
    this.#pump = new Pump({
      ...{ time, clock, guarded: this.#guarded, turns: this.#turns, inbox: this.#inbox },
      onEnd: () => this.#onEnd?.(),
    });
    this.#snapshots = new RunSnapshots(options.folder, (problem) => options.onProblem?.(problem));
    this.#snapshotRounds = new Rounds({
      time,
      everyMs: options.snapshotEveryMs ?? usualSnapshotEveryMs,
      act: async () => {
        this.#tell(calendarInputs(this.#options, this.engine.state));
        this.#keepSnapshot();
      },
      onFailure: () => undefined,
    });
  }

  /** Opens a data folder and takes its past in; the venue is spoken to by `warmUp`. There is no other way to start. */
  static open(options: LiveOptions): LiveRun {
    const lock = lockFolder(options.folder);
    let run: LiveRun | undefined;
    try {
      const parts = openLiveParts(options, (event) => {
        options.onEvent?.(event);
        if (run !== undefined) run.#hands.see(event);
      });
      run = new LiveRun(options, lock, parts);
      run.#guarded.hold();
      run.#disarmWhereRefused();
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
    const { lastSequence, durableSequence } = this.#parts.journal;
    return { lastSequence, durableSequence, problem: this.#parts.durable.problem };
  }

  get sliceMs(): number | undefined {
    return this.#pump.sliceMs;
  }

  get switchSequence(): number {
    return this.#parts.durable.switchSequence;
  }

  /** Opens the account and takes in history, up to where the desk may trade. Rejects where it must not start. */
  async warmUp(stop?: AbortSignal): Promise<void> {
    const { loop, manifest } = this.#parts;
    await openAccount(
      {
        ...{ options: this.#options, desk: this.#desk(), loop, turns: this.#turns, startAt: manifest.startAt },
        reconciler: this.#hands.reconciler,
        listener: this.#listener(),
        rest: () => {
          this.#tell([]);
          return waitFor(this.#options.time, 0);
        },
        beginSending: () => this.#parts.gate.open(),
        beginPump: () => {
          this.#turns.begin();
          this.#pump.start();
          this.#hands.beginChecks(this.#parts.isFlattening);
        },
      },
      stop,
    );
  }

  start(onEnd: () => void): void {
    this.#onEnd = onEnd;
    this.#snapshotRounds.start();
    this.#hands.begin();
    if (this.failure !== undefined) onEnd();
  }

  request(input: (at: number) => Event): void {
    let type: EventType | undefined;
    try {
      this.#guarded.orEnd(() => this.#turns.advance());
      this.#guarded.request((at) => {
        const event = input(at);
        ({ type } = event);
        return event;
      });
    } catch (error) {
      // A switch that was thrown holds at the venue even where the desk itself can do nothing any more.
      this.#hands.throwSwitch(type ?? input(this.at).type);
      throw error;
    }
  }

  armingRefusal(): string | undefined {
    return armingRefusal(this.#options);
  }

  reconcile(): void {
    this.#hands.reconciler.ask();
  }

  /**
   * Stops in order: no entry is left at work that nobody would protect, everything is durable, a last snapshot is written, the folder is
   * free again. The folder is free as well where this rejects, as it does where the last entries could not be kept.
   */
  async stop(): Promise<void> {
    const { venue } = this.#options;
    const { state } = this.engine;
    try {
      await this.#snapshotRounds.stop();
      await this.#hands.end();
      if (this.failure !== undefined || hasOpenEntries(state)) {
        for (const problem of await cancelAllBut(venue, protectiveOrderIds(state))) this.#options.onProblem?.(problem);
      }
      await venue.close();
      this.#pump.stop();
      if (this.failure === undefined) {
        this.#tell([]);
        this.#keepSnapshot();
        this.#parts.durable.end();
      }
      await this.#snapshots.settled();
    } finally {
      this.#pump.stop();
      await this.#parts.journal.close().finally(() => this.#lock.release());
    }
  }

  #desk(): LiveDesk {
    const { venue, time, onNotice, onProblem } = this.#options;
    const activity = (): number => this.#arrivals + this.#parts.gate.sent;
    return {
      engine: this.engine,
      venue,
      time,
      get activity() {
        return activity();
      },
      tell: (inputs) => this.#tell(inputs),
      isTold: (input) => this.#parts.toldMoney.isTold(input),
      notice: (text) => onNotice?.(text),
      problem: (text) => onProblem?.(text),
    };
  }

  #listener(): VenueListener {
    return { onInput: (input) => this.#arrive(input), onNotice: (text) => this.#options.onNotice?.(text) };
  }

  #arrive(input: VenueInput): void {
    if (accountInputs.has(input.type)) this.#arrivals += 1;
    this.#hands.link.arrived();
    try {
      this.#guarded.orEnd(() => this.#inbox.push(input));
    } catch {
      // The pump finds the run failed and ends it.
    }
    this.#pump.wake();
  }

  #tell(inputs: readonly LiveInput[]): void {
    this.#guarded.orEnd(() => {
      this.#guarded.require();
      this.#turns.advance();
      for (let input = this.#inbox.take(); input !== undefined; input = this.#inbox.take()) this.#turns.take(input);
      for (const input of inputs) this.#turns.take(input);
      this.#guarded.makeDurable();
    });
  }

  /** Permission may have been taken away since the desk was armed. */
  #disarmWhereRefused(): void {
    const reason = this.armingRefusal();
    if (reason === undefined || !this.engine.state.isArmed) return;
    this.request((at) => ({ type: 'desk.disarmed', at, actor: 'configuration', reason }));
  }

  /** One of what the journal does not hold would bring back a past that the next start has not seen, so it is left out. */
  #keepSnapshot(): void {
    if (!this.#guarded.orEnd(() => this.#guarded.makeDurable())) return;
    const { state } = this.engine;
    const { nextTickAt } = this.#parts.loop;
    this.#snapshots.write(state.sequence, { state, nextTickAt, toldMoney: this.#parts.toldMoney.keys });
  }
}
