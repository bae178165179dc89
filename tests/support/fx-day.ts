import { calendarAround, configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import { HandClock } from './hand-clock.ts';
import { LiveDay } from './live-day.ts';
import { LiveInvariants } from './live-invariants.ts';
import { type OandaWire, openOandaWire } from './oanda-wire.ts';

const dayMs = 86_400_000;
/** Wednesday 2026-01-14 00:00 UTC; New York's daily break falls at 21:58. */
const fxDayAt = Date.UTC(2026, 0, 14);
const symbols = ['EUR_USD', 'GBP_USD', 'USD_JPY', 'AUD_USD', 'USD_CAD'];
const historyDays = 33;

export interface FxDay {
  readonly invariants: LiveInvariants;
  readonly day: LiveDay;
  readonly wire: OandaWire;
  readonly clock: HandClock;
}

/** The whole FX desk at the simulated OANDA: every module in its place, more than a month of history, and a market with a planted edge. */
export function createFxDay(script: FaultScriptInput, environment: Readonly<Record<string, string>> = {}): FxDay {
  const clock = new HandClock(fxDayAt - 60_000);
  const calendar = calendarAround(fxDayAt - historyDays * dayMs, fxDayAt + 3 * dayMs);
  const wire = openOandaWire({
    ...{ clock, symbols, calendar, script },
    historyMs: historyDays * dayMs,
    untilAt: fxDayAt + 2 * dayMs,
    quotesPerMinute: 4,
  });
  const values = configurationFrom({ HOTBAND_PAIRS: symbols.join(','), ...environment });
  const invariants = new LiveInvariants();
  const day = new LiveDay({
    onEvent: (event, state) => invariants.see(event, state),
    ...{ clock, desk: 'fx', policies: policyDocuments(values, 'fx'), historyDays: historyDays - 1 },
    venue: wire,
    calendar: () => calendar,
  });
  return { day, wire, clock, invariants };
}
