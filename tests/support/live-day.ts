import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileOperations, systemFiles } from '#adapters/journal/file-operations.ts';
import { LOCK_NAME } from '#adapters/journal/folder-lock.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import type { Event, EventByType, EventType } from '#domain/events.ts';
import { isTerminal } from '#domain/order.ts';
import type { LiveVenuePort } from '#engine/live-port.ts';
import type { Module } from '#engine/module.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';
import type { EngineState } from '#engine/state.ts';
import type { LiveOptions } from '#runtime/live/live-options.ts';
import { LiveRun } from '#runtime/live/live-run.ts';
import type { PolicyDocument } from '#runtime/start-events.ts';
import type { VenueFloor } from '#venue-simulators/venue-floor.ts';
import type { HandClock } from './hand-clock.ts';
import { settle } from './live-venue-scene.ts';
import { type MortalPorts, mortalPorts } from './mortal-ports.ts';

/** A day writes as much as a day does; that the disk keeps what it was told is the business of other tests. */
const unsynced: FileOperations = { ...systemFiles, fdatasync: async () => undefined, fdatasyncSync: () => undefined };

/** A venue's simulator with everything in front of it, as a day needs it. */
export interface DayVenue {
  readonly floor: VenueFloor;
  readonly network: NetworkPort;
  /** A new adapter, as a new process would make one. */
  openPort(ports: { readonly time: TimePort; readonly network: NetworkPort }): LiveVenuePort;
  close(): void;
}

export interface DayOptions {
  readonly clock: HandClock;
  /** What the desk itself takes for the time; the clock unless told. */
  readonly time?: TimePort;
  readonly desk: 'fx' | 'crypto';
  readonly venue: DayVenue;
  readonly policies: readonly PolicyDocument[];
  /** The modules of the house unless told. */
  readonly modules?: readonly Module[];
  readonly historyDays: number;
  /** How the journal is written; as the system does it and without waiting for the disk, unless told. */
  readonly files?: FileOperations;
  calendar(fromAt: number, untilAt: number): CalendarDocument;
  /** Sees every event as it happens, for what must hold at each step. */
  onEvent?(event: Event, state: EngineState): void;
}

/** A live desk in a folder of its own, which a test may stop or kill and start again. */
export class LiveDay {
  readonly events: Event[] = [];
  readonly problems: string[] = [];
  readonly notices: string[] = [];
  /** Sees what happens from an opening on, in the middle of the step that it happens in. */
  watcher: ((event: Event) => void) | undefined;
  readonly #options: DayOptions;
  #folder = newFolder();
  /** Of runs that were killed: they keep their files open. */
  readonly #left: string[] = [];
  #life: MortalPorts | undefined;
  #run: LiveRun | undefined;
  #onKill: () => void = () => undefined;

  constructor(options: DayOptions) {
    this.#options = options;
  }

  get run(): LiveRun {
    if (this.#run === undefined) throw new Error('the desk is not running');
    return this.#run;
  }

  get state(): EngineState {
    return this.run.engine.state;
  }

  /** Opens the desk and lets virtual time pass until it trades. False where it was killed on the way there. */
  async open(): Promise<boolean> {
    const { clock, time = clock, venue } = this.#options;
    const killed = new Promise<void>((done) => {
      this.#onKill = done;
    });
    this.#life = mortalPorts({ time, network: venue.network });
    const run = LiveRun.open(this.#liveOptions(this.#life));
    this.#run = run;
    await settle(clock, Promise.race([run.warmUp(), killed]), 600_000);
    if (this.#run !== run) return false;
    run.start(() => undefined);
    return true;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** What an operator does before anything is added. */
  letTrade(): void {
    this.run.request((at) => ({ type: 'desk.armed', at, actor: 'test', reason: 'a day' }));
    this.run.request((at) => ({ type: 'kill.released', at, actor: 'test', reason: 'a day' }));
  }

  pass(ms: number): Promise<void> {
    return this.#options.clock.pass(ms);
  }

  of<T extends EventType>(type: T): EventByType[T][] {
    return this.events.filter((event): event is EventByType[T] => event.type === type);
  }

  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    if (run !== undefined) await settle(this.#options.clock, run.stop(), 600_000);
  }

  /** Ends the run as a kill ends its process: nothing it does arrives any more, and what its files hold is all that is left of it. */
  kill(): void {
    this.#life?.die();
    this.#run = undefined;
    this.#onKill();
    const left = this.#folder;
    this.#left.push(left);
    this.#folder = newFolder();
    cpSync(left, this.#folder, { recursive: true });
    // The lock of a process that is gone keeps nobody out.
    rmSync(join(this.#folder, LOCK_NAME), { force: true });
  }

  async close(): Promise<void> {
    try {
      await this.stop();
    } finally {
      this.#options.venue.close();
      this.#options.venue.floor.stop();
      for (const folder of [...this.#left, this.#folder]) rmSync(folder, { recursive: true, force: true });
    }
  }

  #liveOptions(life: MortalPorts): LiveOptions {
    const { desk, venue, policies, historyDays, modules, calendar, onEvent, files = unsynced } = this.#options;
    const { time } = life;
    return {
      ...{ folder: this.#folder, desk, account: 'day', environment: 'simulated', policies, time, historyDays },
      ...{ calendar, isReadOnly: false, isLiveEnabled: false, reconcileEveryMs: 30_000, believesEmptyReports: false },
      ...(modules === undefined ? {} : { modules }),
      venue: venue.openPort(life),
      snapshotEveryMs: 2 * 3_600_000,
      files,
      onEvent: (event) => {
        this.events.push(event);
        if (this.#run === undefined) return;
        onEvent?.(event, this.#run.engine.state);
        this.watcher?.(event);
      },
      onProblem: (text) => void this.problems.push(text),
      onNotice: (text) => void this.notices.push(text),
    };
  }
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tradewind-day-'));
}

/** The desk's books in the form of the venue's ledger. */
export function booksOf(state: EngineState): {
  readonly positions: readonly (readonly [string, number])[];
  readonly openOrders: number;
  readonly balance: number;
} {
  const positions = state.instrumentIds
    .map((id) => [id, state.positions[id]?.signedQuantity ?? 0] as const)
    .filter(([, signedQuantity]) => signedQuantity !== 0);
  const openOrders = [...state.orders.values()].filter((record) => !isTerminal(record.state)).length;
  return { positions, openOrders, balance: state.account.balance };
}
