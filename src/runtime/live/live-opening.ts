import type { Instrument } from '#domain/instrument.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { VenueListener } from '#engine/live-port.ts';
import type { Loop } from '#engine/loop.ts';
import { isSame } from '#engine/replay.ts';
import { documentOf } from '../desk-setup.ts';
import { RunError } from '../run-folder.ts';
import { calendarInputs } from './live-calendar.ts';
import type { LiveDesk, LiveInput } from './live-desk.ts';
import { type HistoryParts, takeHistory } from './live-history.ts';
import type { LiveOptions } from './live-options.ts';
import { LiveStartError } from './live-start-error.ts';
import type { LiveTurns } from './live-turns.ts';
import type { Reconciler } from './reconciler.ts';
import { waitFor } from './wait-for.ts';

/** What streams bring shortly after they are opened is waited for before the books are compared once more (reliability, 1.1). */
const settleMs = 10_000;
/** Together longer than the minute over which venues count what is asked: a start soon after another one finds little of it left. */
const reconcileTriesMax = 40;
const reconcilePauseMs = 2_000;
const dayMs = 86_400_000;
/** How far the journal may be ahead of the clock. */
const aheadMsMax = 60_000;

/** What stays impaired over a start: what only the venue's books or an operator can mend. */
const lastingParts: readonly string[] = ['external', 'overfill', 'instrument'];

export interface OpeningParts {
  readonly options: LiveOptions;
  readonly desk: LiveDesk;
  readonly loop: Loop;
  readonly turns: LiveTurns;
  readonly reconciler: Reconciler;
  readonly listener: VenueListener;
  readonly startAt: number;
  rest(): Promise<void>;
  /** The streams are open: what was decided until here is sent. */
  beginSending(): void;
  /** From here on what arrives is taken. */
  beginPump(): void;
}

/**
 * Opens a real account for a desk, in this order: what the account must be is looked at, its instruments are listed, history is taken in,
 * streams are opened, the books are made equal, and after a while compared once more. Changes nothing at the venue where the account is
 * not as it must be. Nothing is added to positions before all of it is over. Ends early where it is told to stop.
 */
export async function openAccount(parts: OpeningParts, stop?: AbortSignal): Promise<void> {
  const { desk, options } = parts;
  const sentBefore = submittedIds(parts);
  requireClock(parts);
  await requirePreflight(parts);
  const { universe } = documentOf(options, 'desk') as unknown as DeskPolicy;
  const instruments = await asked('the instruments', () => desk.venue.instruments(universe));
  await asked('the settings of the account', () => desk.venue.prepare(instruments));
  desk.tell(openingInputs(parts, instruments));
  await beginBooks(parts);
  if (isStopped(stop)) return;
  await takeIn(parts, instruments, stop);
  if (isStopped(stop)) return;
  desk.venue.open(instruments, parts.listener);
  parts.beginSending();
  // Bars that closed meanwhile: the streams tell what closes from here on.
  await asked('bars', () => takeHistory(historyParts(parts, instruments), desk.time.now()));
  warm(parts);
  await reconcile(parts, stop);
  if (isStopped(stop)) return;
  leaveUnresolved(parts, sentBefore);
  parts.beginPump();
  await waitFor(desk.time, settleMs, stop);
  if (isStopped(stop)) return;
  await reconcile(parts, stop);
  if (isStopped(stop)) return;
  desk.tell([{ type: 'venue.restored', part: 'opening', instrument: null }]);
}

/** Asked anew each time, since it may have changed while something was waited for. */
function isStopped(stop: AbortSignal | undefined): boolean {
  return stop?.aborted === true;
}

function submittedIds({ loop }: OpeningParts): string[] {
  const records = [...loop.engine.state.orders.values()];
  return records.flatMap(({ state, request }) => (state === 'submitted' ? [request.clientOrderId] : []));
}

/** An order that was about to be sent may have reached the venue or not: it is asked for, and never sent again. */
function leaveUnresolved(parts: OpeningParts, sentBefore: readonly string[]): void {
  const open = new Set(submittedIds(parts));
  const ids = sentBefore.filter((id) => open.has(id));
  parts.desk.tell(ids.map((clientOrderId) => ({ type: 'order.unresolved', clientOrderId, reason: 'restart' })));
}

function requireClock({ loop, desk }: OpeningParts): void {
  const aheadMs = loop.engine.state.at - desk.time.now();
  if (aheadMs <= aheadMsMax) return;
  const text = (at: number): string => new Date(at).toISOString();
  throw new RunError(
    `the journal's last event is of ${text(loop.engine.state.at)}, and the clock says ${text(desk.time.now())}: set the clock first`,
  );
}

async function requirePreflight({ desk, options }: OpeningParts): Promise<void> {
  const checks = await asked('the account', () => desk.venue.preflight());
  const failed = checks.filter(({ isPassed }) => !isPassed);
  if (failed.length === 0) return;
  const lines = failed.map(({ name, expected, found }) => `'${name}': expected ${expected}, found ${found}`);
  throw new RunError(`the account '${options.account}' is not as it must be: ${lines.join('; ')}`);
}

/** Who the account is, what it trades, and that nothing is added yet. What was impaired before the start is asked anew. */
function openingInputs({ options, loop }: OpeningParts, instruments: readonly Instrument[]): LiveInput[] {
  const { venue, account, environment } = options;
  const { state } = loop.engine;
  const { hasNativeBrackets } = venue.traits;
  const inputs: LiveInput[] = [
    { type: 'venue.opened', venue: venue.venue, account, environment, hasNativeBrackets },
    { type: 'venue.impaired', part: 'opening', instrument: null, reason: 'the desk is being started' },
  ];
  inputs.push(...calendarInputs(options, state));
  for (const { part, instrument } of Object.values(state.impairments)) {
    if (!lastingParts.includes(part) && part !== 'opening') inputs.push({ type: 'venue.restored', part, instrument });
  }
  for (const instrument of instruments.toSorted((left, right) => (left.id < right.id ? -1 : 1))) {
    const known = state.markets[instrument.id]?.instrument;
    if (known === undefined) inputs.push({ type: 'instrument.listed', instrument, hasVolume: true, priceBasis: 'mid' });
    else if (!isCountedAlike(known, instrument)) throw countedOtherwise(known, instrument);
    else if (!isSame(known, instrument))
      inputs.push({ type: 'instrument.changed', instrument, isTrading: true, reason: 'listed otherwise at a start' });
  }
  return inputs;
}

/** Figures in the journal and figures of the venue must mean the same. */
function isCountedAlike(known: Instrument, instrument: Instrument): boolean {
  return known.priceDecimals === instrument.priceDecimals && known.quantityDecimals === instrument.quantityDecimals;
}

function countedOtherwise(known: Instrument, instrument: Instrument): RunError {
  const decimals = ({ priceDecimals, quantityDecimals }: Instrument): string =>
    `${priceDecimals} decimals of price and ${quantityDecimals} of quantity`;
  return new RunError(
    `'${known.id}' is counted otherwise by the venue than in the journal: expected ${decimals(known)}, found ${decimals(instrument)}`,
  );
}

/** A fresh desk learns what it has before it sees history, and a venue whose books cannot be read is told early. */
async function beginBooks({ desk, loop, reconciler }: OpeningParts): Promise<void> {
  const report = await asked('the books of the account', () => desk.venue.report());
  reconciler.beginAt(report);
  const { isWarm, account } = loop.engine.state;
  const amount = report.balance - account.balance;
  if (isWarm || amount === 0) return;
  desk.tell([{ type: 'balance.changed', amount, balance: report.balance, reason: 'OPENING' }]);
}

async function takeIn(parts: OpeningParts, instruments: readonly Instrument[], stop?: AbortSignal): Promise<void> {
  const { options, desk } = parts;
  const history = historyParts(parts, instruments);
  const onProgress = (done: number, total: number): void => options.onProgress?.('warmup', done, total);
  await asked('bars', () => takeHistory({ ...history, onProgress }, desk.time.now(), stop));
}

function historyParts(
  { options, desk, loop, turns, startAt, rest }: OpeningParts,
  instruments: readonly Instrument[],
): HistoryParts {
  const { isWarm } = loop.engine.state;
  // After a long rest there is no need for more than a fresh run takes in; one that is still cold goes on where it began.
  const fromAt = isWarm ? Math.floor((desk.time.now() - options.historyDays * dayMs) / 60_000) * 60_000 : startAt;
  return { venue: desk.venue, loop, turns, instruments, fromAt, rest };
}

function warm({ loop, desk, turns }: OpeningParts): void {
  const { isWarm, counts } = loop.engine.state;
  if (isWarm) return;
  turns.takeAt({ type: 'warmup.completed', bars: counts.bars }, Math.floor(desk.time.now()));
  desk.tell([]);
}

async function reconcile({ reconciler, desk }: OpeningParts, stop?: AbortSignal): Promise<void> {
  let reason: string | undefined;
  for (let tries = 0; tries < reconcileTriesMax; tries += 1) {
    reason = await reconciler.cycle();
    if (reason === undefined || isStopped(stop)) return;
    await waitFor(desk.time, reconcilePauseMs, stop);
  }
  throw new LiveStartError(
    `the desk does not start: its books could not be compared with the venue's: ${reason ?? ''}`,
  );
}

/** A question that a start cannot do without. */
async function asked<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    throw new LiveStartError(`the desk does not start: the venue was asked for ${what}: ${error.message}`);
  }
}
