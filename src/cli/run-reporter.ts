import type { Event, EventByType, EventType } from '#domain/events.ts';
import { scaleOf } from '#domain/scale.ts';
import type { Engine } from '#engine/engine.ts';
import type { OpenedRun } from '#runtime/desk-run.ts';
import type { DeskStatus } from '#runtime/status.ts';
import { amountText, countText, percentText, timeText } from './figures.ts';
import type { Output, Progress } from './output.ts';

/** Tells what a run does: sentences for people, or one JSON object a line for programs. */
export interface RunReporter {
  /** Something worth knowing that stops nothing. */
  notice(notice: string): void;
  opened(folder: string, opened: OpenedRun, engine: Engine): void;
  warmingUp(done: number, total: number): void;
  warm(engine: Engine): void;
  listening(address: string): void;
  /** A fill, a round trip, a change of the kill switch or of an alert; of other events nothing is said. */
  event(event: Event, engine: Engine): void;
  heartbeat(status: DeskStatus): void;
  stopping(reason: string): void;
  stopped(folder: string, status: DeskStatus, problem: string | undefined): void;
}

type Told = { readonly type: string } & Readonly<Record<string, unknown>>;

export function createRunReporter(output: Output, isJson: boolean): RunReporter {
  const tell = (told: Told, text: string, isResult = false): void => {
    if (isJson) output.json(told);
    else if (isResult) output.line(text);
    else output.note(text);
  };
  const startedAt = performance.now();
  let progress: Progress | undefined;
  const notice = (text: string): void => tell({ type: 'notice', notice: text }, text);
  return {
    notice,
    opened: (folder, opened, engine) => {
      const { isNew, recoveredEvents, notices } = opened;
      const { runId, sequence } = engine.state;
      for (const text of notices) notice(text);
      const recovered = `goes on with run ${runId} in '${folder}': ${countText(sequence)} events, ${countText(recoveredEvents)} of them recovered`;
      const text = isNew ? `begins run ${runId} in '${folder}'` : recovered;
      tell({ type: 'opened', folder, runId, isNew, sequence, recoveredEvents }, text);
    },
    warmingUp: (done, total) => {
      if (isJson) return;
      progress ??= output.progress('taking in history');
      progress.update(done, total);
    },
    warm: ({ state }) => {
      progress?.end();
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const { at, counts } = state;
      tell(
        { type: 'warm', at, bars: counts.bars },
        `knows ${countText(counts.bars)} bars up to ${timeText(at)} UTC, after ${seconds} s`,
      );
    },
    listening: (address) => tell({ type: 'listening', address }, `status page: ${output.colors.bold(address)}`, true),
    event: (event, engine) => {
      const text = eventText(event, engine);
      if (text !== undefined) tell(event, `${clockText(event.at)}  ${text}`, true);
    },
    heartbeat: (status) => tell(heartbeatOf(status), heartbeatText(status, output), true),
    stopping: (reason) => tell({ type: 'stopping', reason }, `stopping: ${reason}`),
    stopped: (folder, status, problem) => {
      const { runId, at, counts, account } = status;
      const told = { type: 'stopped', folder, runId, at, counts, equity: account.equity, problem: problem ?? null };
      const summary = `stopped at ${timeText(at)} UTC with equity ${amountText(account.equity)} after ${countText(counts['roundTrips'] ?? 0)} round trips`;
      const text =
        problem === undefined
          ? `${summary}; the journal is in '${folder}', and the next start goes on from there`
          : `the run has failed: ${problem}`;
      tell(told, text, problem === undefined);
    },
  };
}

function heartbeatOf({ at, account, counts, kill, instruments }: DeskStatus): Told {
  const positions = instruments.filter(({ signedQuantity }) => signedQuantity !== 0).length;
  const { equity, dayPnl, marginUtilization } = account;
  return { type: 'heartbeat', at, equity, dayPnl, marginUtilization, positions, isKillEngaged: kill.isEngaged, counts };
}

function heartbeatText(status: DeskStatus, { colors }: Output): string {
  const { at, account, counts, kill, instruments, isMarketOpen } = status;
  const held = instruments.filter(({ signedQuantity }) => signedQuantity !== 0).map(({ symbol }) => symbol);
  const parts = [
    `equity ${amountText(account.equity)} (today ${signedText(account.dayPnl)})`,
    held.length === 0 ? 'flat' : `holds ${held.join(', ')}`,
    `margin ${percentText(account.marginUtilization)}`,
    `${countText(counts['decisions'] ?? 0)} decisions`,
    ...(kill.isEngaged ? [colors.red('kill switch engaged')] : []),
    ...(isMarketOpen ? [] : ['market closed']),
  ];
  return colors.dim(`${clockText(at)}  ${parts.join(', ')}`);
}

/** An instant to the second, so that lines stand below each other. */
function clockText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

function signedText(value: number): string {
  return `${value > 0 ? '+' : ''}${amountText(value)}`;
}

type Teller<T extends EventType> = (event: EventByType[T], engine: Engine) => string;

/** What is worth a line, and how it is told. */
const tellers: { readonly [T in EventType]?: Teller<T> } = {
  'order.filled': (event, engine) => fillText(event, engine),
  'roundTrip.closed': (event, engine) => roundTripText(event, engine),
  'kill.engaged': ({ actor, reason }) => `kill switch engaged by '${actor}': ${reason}`,
  'kill.released': ({ actor, reason }) => `kill switch released by '${actor}': ${reason}`,
  'account.closedOut': ({ reason }) => `the venue has closed every position: ${reason}`,
  'alert.raised': ({ name, reason }) => `alert '${name}': ${reason}`,
  'alert.cleared': ({ name }) => `alert '${name}' is over`,
};

function eventText(event: Event, engine: Engine): string | undefined {
  const teller = tellers[event.type] as Teller<EventType> | undefined;
  return teller?.(event, engine);
}

function fillText(fill: EventByType['order.filled'], { state }: Engine): string {
  const market = state.markets[fill.instrument];
  const purpose = state.orders.get(fill.clientOrderId)?.request.purpose ?? 'order';
  const decimals = market?.instrument.priceDecimals ?? 0;
  const price = (fill.price / scaleOf(decimals)).toFixed(decimals);
  const verb = fill.side === 'buy' ? 'bought' : 'sold';
  return `${market?.instrument.symbol ?? fill.instrument}  ${verb} ${countText(fill.quantity)} at ${price}  (${purpose})`;
}

function roundTripText(trip: EventByType['roundTrip.closed'], { state, policies }: Engine): string {
  const symbol = state.markets[trip.instrument]?.instrument.symbol ?? trip.instrument;
  const result = (trip.realizedPnl - trip.fees + trip.financing) / scaleOf(policies?.desk.moneyDecimals ?? 0);
  const minutes = Math.round((trip.at - trip.openedAt) / 60_000);
  return `${symbol}  ${trip.direction} round trip ${signedText(result)} in ${countText(minutes)} min  (${trip.reason})`;
}
