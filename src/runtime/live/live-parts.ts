import { type FileJournal, openJournal } from '#adapters/journal/file-journal.ts';
import { systemFiles } from '#adapters/journal/file-operations.ts';
import type { Event } from '#domain/events.ts';
import { isTerminal } from '#domain/order.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import { createEngine } from '#engine/engine.ts';
import { createLoop, handle, type Loop } from '#engine/loop.ts';
import type { FeedPort } from '#engine/ports.ts';
import type { EngineState } from '#engine/state.ts';
import { modules } from '#modules/index.ts';
import { codeVersion } from '../code-version.ts';
import type { OpenedRun } from '../desk-run.ts';
import { documentOf } from '../desk-setup.ts';
import { DurableWrites } from '../durable-writes.ts';
import { fencedVenue } from '../lease-keeper.ts';
import { stateOf } from '../read-run.ts';
import { recoveringJournal } from '../recover-run.ts';
import { recoveryFence } from '../recovery-fence.ts';
import { createRunFolder, hasRun, journalFolder, type RunManifest, readManifest } from '../run-folder.ts';
import { newestSnapshot } from '../run-snapshots.ts';
import { requireSameRun } from '../same-run.ts';
import { sealableFiles } from '../sealable-files.ts';
import { addedPolicies, startEvents } from '../start-events.ts';
import { JournalTail } from '../tail/journal-tail.ts';
import { calendarDays } from './live-calendar.ts';
import type { LiveOptions } from './live-options.ts';
import { recoverLive } from './live-recovery.ts';
import { LiveVenueGate } from './live-venue-gate.ts';
import { ToldMoney } from './told-money.ts';

const dayMs = 86_400_000;

/** What a snapshot of a live run holds. */
export interface LiveSnapshot {
  readonly state: EngineState;
  readonly nextTickAt: number;
  readonly toldMoney: readonly string[];
}

/** What a live run is made of once its past is taken in; the venue has not been spoken to. */
export interface LiveParts {
  readonly manifest: RunManifest;
  readonly journal: FileJournal;
  readonly durable: DurableWrites;
  readonly loop: Loop;
  readonly gate: LiveVenueGate;
  readonly toldMoney: ToldMoney;
  readonly tail: JournalTail;
  readonly opened: OpenedRun;
  /** The journal ends with a desk that was told to be flat, and nobody has let it trade since. */
  readonly isFlattening: boolean;
}

/** The name of a live run's market, which its folder is bound to. */
export function accountMarket({ venue, environment, account }: LiveOptions): string {
  return `${venue.venue.toLowerCase()}:${environment}:${account}`;
}

/** There is nothing to come that the loop could look ahead to. */
const noFeed: FeedPort = { peekAt: () => Infinity, next: () => undefined };

/** Opens the folder and takes the recorded past in. A `RunError` says what is wrong with either. */
export function openLiveParts(options: LiveOptions, onEvent: (event: Event) => void): LiveParts {
  const { folder, onProblem, time } = options;
  const isNew = !hasRun(folder);
  if (isNew) createRunFolder(folder, manifestOf(options));
  const manifest = readManifest(folder);
  requireSameRun(folder, manifest, { ...askedFor(options) });
  const files = sealableFiles(options.files ?? systemFiles);
  const journal = openJournal(journalFolder(folder), { runId: manifest.runId, operations: files.operations });
  const notices = journal.repairs.map((repair) => `the journal was mended at opening: ${JSON.stringify(repair)}`);
  const found = newestSnapshot(folder, journal.lastSequence);
  notices.push(...found.notices);
  const kept = found.snapshot === undefined ? undefined : snapshotOf(found.snapshot.value);
  const engine = createEngine(options.modules ?? modules, kept?.state);
  const recovering = recoveringJournal(folder, (found.snapshot?.sequence ?? 0) + 1, journal);
  const tail = new JournalTail({ folder, runId: manifest.runId, durableSequence: journal.durableSequence });
  const now = (): number => time.monotonic();
  const durable = new DurableWrites({ folder, journal, engine, tail, onProblem, seal: files.seal, now });
  const fence = recoveryFence(options.lease);
  const gate = new LiveVenueGate(options.venue);
  const toldMoney = new ToldMoney(kept?.toldMoney);
  let isFlattening = false;
  const ports = {
    feed: noFeed,
    venue: durable.venue(fencedVenue(gate, fence)),
    journal: durable.entries(recovering),
    makeDurable: () => void durable.make(),
    onEvent: (event: Event): void => {
      toldMoney.note(event);
      if (event.type === 'flatten.requested') isFlattening = true;
      if (event.type === 'kill.released') isFlattening = false;
      onEvent(event);
    },
  };
  const { decisionGridMs } = documentOf(options, 'desk') as unknown as DeskPolicy;
  const loop = createLoop(engine, ports, kept?.nextTickAt ?? manifest.startAt, decisionGridMs);
  const recoveredEvents = recoverLive(loop, recovering, (done) => options.onProgress?.('recovery', done, 0));
  if (engine.state.sequence === 0) for (const event of firstEvents(options, manifest)) handle(loop, event);
  for (const event of addedPolicies(options.policies, engine.state.policies, engine.state.at)) {
    handle(loop, event);
    notices.push(`policy '${event.key}' was added: this version reads it and the run did not have it`);
  }
  durable.make();
  fence.raise();
  gate.endRecovery();
  const opened: OpenedRun = { isNew, recoveredEvents, notices };
  return { manifest, journal, durable, loop, gate, toldMoney, tail, opened, isFlattening };
}

/** Whether an order may be at work that would open or add to a position. */
export function hasOpenEntries(state: EngineState): boolean {
  return [...state.orders.values()].some((record) => record.request.purpose === 'entry' && !isTerminal(record.state));
}

function snapshotOf(value: unknown): LiveSnapshot {
  const state = stateOf(value);
  return { ...(value as LiveSnapshot), state };
}

/** What names the account: everything else about a live run may change from one start to the next. */
function askedFor(options: LiveOptions): Pick<RunManifest, 'market' | 'seed' | 'startBalance' | 'dataHash' | 'desk'> {
  return { market: accountMarket(options), desk: options.desk, seed: 0, startBalance: 0, dataHash: '' };
}

function manifestOf(options: LiveOptions): RunManifest {
  const { time, historyDays, policies } = options;
  const { decisionGridMs, universe } = documentOf({ policies, desk: options.desk }, 'desk') as unknown as DeskPolicy;
  const startAt = Math.floor((time.now() - historyDays * dayMs) / decisionGridMs) * decisionGridMs;
  return {
    format: 1,
    runId: newRunId(options),
    kind: 'live',
    ...askedFor(options),
    instruments: [...universe],
    startAt,
    codeVersion: codeVersion(),
  };
}

/** Sixteen hexadecimal digits by chance, made once and kept. */
function newRunId({ time }: LiveOptions): string {
  const half = (): string =>
    Math.floor(time.random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  return half() + half();
}

/** The switch stays engaged and the desk disarmed: both are an operator's to change. */
function firstEvents(options: LiveOptions, { runId, startAt }: RunManifest): Event[] {
  const { desk, policies, time } = options;
  const { moneyDecimals } = documentOf({ policies, desk }, 'desk') as unknown as DeskPolicy;
  return startEvents({
    kind: 'live',
    runId,
    desk,
    at: startAt,
    seed: 0,
    startBalance: 0,
    moneyDecimals,
    recordsFacts: true,
    dataHash: '',
    instruments: [],
    policies,
    calendar: options.calendar(startAt, time.now() + calendarDays * dayMs),
    releasesKill: false,
  });
}
