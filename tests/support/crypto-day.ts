import { buildCalendar } from '#adapters/calendar/build-calendar.ts';
import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import { type BinanceWire, openBinanceWire } from './binance-wire.ts';
import { HandClock } from './hand-clock.ts';
import { LiveDay } from './live-day.ts';
import { LiveInvariants } from './live-invariants.ts';

const dayMs = 86_400_000;
/** Wednesday 2026-01-14 00:00 UTC; funding falls at 00:00, 08:00 and 16:00. */
const cryptoDayAt = Date.UTC(2026, 0, 14);
const coins = ['BTC', 'ETH', 'SOL'];
const historyDays = 7;

export interface CryptoDay {
  readonly day: LiveDay;
  readonly wire: BinanceWire;
  readonly clock: HandClock;
  readonly invariants: LiveInvariants;
}

/** The plain crypto desk at the simulated Binance: the modules that read any market, a week of history, a market with a planted edge. */
export function createCryptoDay(script: FaultScriptInput): CryptoDay {
  const clock = new HandClock(cryptoDayAt - 60_000);
  const wire = openBinanceWire({
    ...{ clock, coins, script, depth: false, quotesPerMinute: 12 },
    historyMs: historyDays * dayMs,
    untilAt: cryptoDayAt + 2 * dayMs,
  });
  const invariants = new LiveInvariants();
  const symbols = coins.map((coin) => `${coin}USDT`).join(',');
  const day = new LiveDay({
    ...{ clock, desk: 'crypto', historyDays: historyDays - 1, venue: wire },
    policies: policyDocuments(configurationFrom({ BINANCE_SYMBOLS: symbols }), 'crypto'),
    calendar: (fromAt, untilAt) => buildCalendar({ fromAt, untilAt, preset: 'always' }),
    onEvent: (event, state) => invariants.see(event, state),
  });
  return { day, wire, clock, invariants };
}
