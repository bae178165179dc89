import { z } from 'zod';
import { intervalEndAt } from '#base/flat-intervals.ts';
import {
  type CalendarDocument,
  closedSession,
  type InstrumentSession,
  isMarketOpen,
  isNearClose,
  sessionsOf,
  sessionUntil,
} from '#domain/calendar.ts';
import type { DecisionEntry } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { buildInstrumentSchedule, type InstrumentSchedule, scheduledSession } from '#domain/instrument-schedule.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';

const parameters = z.strictObject({});
type Context = ModuleContext<Record<string, never>>;

/** Opening hours of each listed instrument, worked out for the calendar in force. */
interface Schedules {
  byInstrument: Record<InstrumentId, InstrumentSchedule>;
}

/**
 * Drops instruments whose sessions are over or about to end (FX desk specification c). Where session trading is off, only the
 * trading week counts. Without a calendar everything is closed.
 */
export const sessionCalendar = defineModule<Schedules, Record<string, never>>({
  name: 'session-calendar',
  displayName: 'Session calendar',
  purpose: 'Drops instruments whose sessions are closed or near their close.',
  parameters,
  initialState: () => ({ byInstrument: {} }),
  evolve: {
    'calendar.loaded': (state, _, context) => refresh(state, context),
    'instrument.listed': (state, _, context) => refresh(state, context),
    // A calendar may come before the policies, while modules do not listen yet: the clock picks it up.
    'time.ticked': (state, _, context) => refresh(state, context),
  },
  propose: {
    universe: (value, state, context) => {
      const { calendar } = context.view;
      const entries: DecisionEntry[] = [];
      const kept: InstrumentId[] = [];
      for (const instrument of value) {
        const session = calendar === null ? closedSession : sessionOf(state, instrument, calendar, context);
        if (!session.isOpen) {
          entries.push({ subject: instrument, code: 'closed', value: null });
        } else if (isNearClose(session, context.strategy(instrument).sessionExitMinutes)) {
          entries.push({ subject: instrument, code: 'near-close', value: session.minutesToClose });
        } else {
          kept.push(instrument);
        }
      }
      return { value: entries.length === 0 ? value : kept, entries };
    },
  },
});

/** Builds the schedules that are missing or of another calendar; changes nothing while all are of the one in force. */
function refresh(state: Schedules, context: Context): void {
  const { calendar, markets } = context.view;
  if (calendar === null) return;
  for (const id of context.universe) {
    if (state.byInstrument[id]?.calendarVersion === calendar.version) continue;
    const market = markets[id];
    if (market === undefined) continue;
    const { baseCurrency, quoteCurrency } = market.instrument;
    state.byInstrument[id] = buildInstrumentSchedule(calendar, sessionsOf([baseCurrency, quoteCurrency]));
  }
}

function sessionOf(
  state: Schedules,
  instrument: InstrumentId,
  calendar: CalendarDocument,
  context: Context,
): InstrumentSession {
  if (!context.strategy(instrument).sessionTradingEnabled) return weekSession(calendar, context.at);
  const schedule = state.byInstrument[instrument];
  if (schedule === undefined || schedule.calendarVersion !== calendar.version) return closedSession;
  return scheduledSession(schedule, context.at);
}

/** The trading week as if it were one session. */
function weekSession(calendar: CalendarDocument, at: number): InstrumentSession {
  const endAt = intervalEndAt(calendar.weeks, at);
  return endAt === undefined ? closedSession : sessionUntil({ at, endAt, isOpen: isMarketOpen(calendar, at) });
}
