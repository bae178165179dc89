import type { Event } from '#domain/events.ts';
import { fxInstrument, type Instrument } from '#domain/instrument.ts';
import type { HistoryBar } from '#engine/live-port.ts';
import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import type { LiveOptions } from '#runtime/live/live-options.ts';
import { LiveRun } from '#runtime/live/live-run.ts';
import { forexCalendar } from './forex-calendar.ts';
import { HandClock } from './hand-clock.ts';
import { HandVenue, type HandVenueOptions } from './hand-venue.ts';
import { eagerSettings } from './paper-desk.ts';
import { walkColumns } from './walk-columns.ts';

export const liveInstruments: readonly Instrument[] = ['EUR_USD', 'USD_JPY'].map((symbol) => fxInstrument(symbol));
const minuteMs = 60_000;
/** A Wednesday noon, with the market open around it. */
export const liveStartAt = Date.UTC(2026, 0, 14, 12);

/** Bars of random walks that end some hours after the start. */
function liveBars(hoursBefore = 3, hoursAfter = 2): HistoryBar[] {
  const count = (hoursBefore + hoursAfter) * 60;
  return liveInstruments.flatMap((instrument, place) => {
    const columns = walkColumns(instrument, count, place + 1);
    const shift = liveStartAt - hoursBefore * 60 * minuteMs - (columns.openAt[0] ?? 0);
    return Array.from(
      { length: count },
      (_, index): HistoryBar => ({
        instrument: instrument.id,
        openAt: (columns.openAt[index] ?? 0) + shift,
        open: columns.open[index] ?? 0,
        high: columns.high[index] ?? 0,
        low: columns.low[index] ?? 0,
        close: columns.close[index] ?? 0,
        volume: columns.volume[index] ?? 0,
        spread: columns.spread?.[index] ?? 0,
      }),
    );
  });
}

/** A live desk on a hand clock at a venue in memory. */
export interface LiveScene {
  readonly clock: HandClock;
  readonly venue: HandVenue;
  readonly events: Event[];
  readonly problems: string[];
  readonly notices: string[];
  readonly options: LiveOptions;
}

export function liveScene(
  folder: string,
  changes: Partial<LiveOptions> = {},
  venueChanges: Partial<HandVenueOptions> = {},
): LiveScene {
  const clock = changes.time instanceof HandClock ? changes.time : new HandClock(liveStartAt);
  const instruments = liveInstruments;
  const venue = new HandVenue({ time: clock, instruments, bars: liveBars(), ...venueChanges });
  const events: Event[] = [];
  const problems: string[] = [];
  const notices: string[] = [];
  const pairs = instruments.map(({ symbol }) => symbol).join(',');
  const policies = policyDocuments(configurationFrom({ ...eagerSettings, HOTBAND_PAIRS: pairs }), 'fx');
  const options: LiveOptions = {
    ...{ folder, desk: 'fx', account: 'main', venue, environment: 'simulated', policies, time: clock },
    ...{ historyDays: 0.125, isReadOnly: false, isLiveEnabled: false },
    ...{ reconcileEveryMs: 30_000, believesEmptyReports: false },
    calendar: forexCalendar,
    onEvent: (event) => void events.push(event),
    onProblem: (problem) => void problems.push(problem),
    onNotice: (notice) => void notices.push(notice),
    ...changes,
  };
  return { clock, venue, events, problems, notices, options };
}

/** Lets time pass until something asynchronous is over. */
export async function whileTimePasses<T>(clock: HandClock, work: Promise<T>, stepMs = 500, stepsMax = 400): Promise<T> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  work.then(end, end);
  for (let steps = 0; steps < stepsMax && !isOver; steps += 1) await clock.pass(stepMs);
  return work;
}

/** Opens a desk and brings it to where it may trade; the switch is released and the desk armed where asked. */
export async function startLive(scene: LiveScene, isArmed = true): Promise<LiveRun> {
  const run = LiveRun.open(scene.options);
  await whileTimePasses(scene.clock, run.warmUp());
  run.start(() => undefined);
  if (isArmed) {
    if (run.engine.state.kill.isEngaged)
      run.request((at) => ({ type: 'kill.released', at, actor: 'ann', reason: 'a test' }));
    if (!run.engine.state.isArmed) run.request((at) => ({ type: 'desk.armed', at, actor: 'ann', reason: 'a test' }));
  }
  return run;
}

export function stopLive(scene: LiveScene, run: LiveRun): Promise<void> {
  return whileTimePasses(scene.clock, run.stop());
}

const marketStepMs = 500;

/** The market goes on, with a quote and a bar of each instrument at every full minute, until something has happened. */
export async function passUntil({ clock, venue }: LiveScene, isOver: () => boolean, minutesMax = 60): Promise<void> {
  const bars = liveBars();
  const endAt = clock.now() + minutesMax * minuteMs;
  while (clock.now() < endAt && !isOver()) {
    const closedAt = (Math.floor(clock.now() / minuteMs) + 1) * minuteMs;
    await clock.pass(Math.min(marketStepMs, closedAt - clock.now()));
    if (clock.now() < closedAt) continue;
    for (const bar of bars.filter(({ openAt }) => openAt === closedAt - minuteMs)) {
      venue.quote(bar.instrument, bar.close, bar.close + 2);
      venue.tell({ type: 'bar.closed', ...bar });
    }
  }
}

export function passMinutes(scene: LiveScene, minutes: number): Promise<void> {
  return passUntil(scene, () => false, minutes);
}
