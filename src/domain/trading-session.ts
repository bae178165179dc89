import { type CalendarDocument, instrumentSession, isMarketOpen, isNearClose, sessionsOf } from './calendar.ts';
import type { Instrument } from './instrument.ts';

/** How a strategy keeps sessions. */
export interface SessionRules {
  readonly sessionTradingEnabled: boolean;
  readonly sessionExitMinutes: number;
}

/**
 * True where an entry may be made now: the instrument's sessions are open and not near their end. Where sessions do not count,
 * the trading week decides alone. Without a calendar nothing is open.
 */
export function isInSession(
  calendar: CalendarDocument | null,
  instrument: Instrument,
  rules: SessionRules,
  at: number,
): boolean {
  if (calendar === null) return false;
  if (!rules.sessionTradingEnabled) return isMarketOpen(calendar, at);
  const session = instrumentSession(calendar, sessionsOf([instrument.baseCurrency, instrument.quoteCurrency]), at);
  return session.isOpen && !isNearClose(session, rules.sessionExitMinutes);
}
