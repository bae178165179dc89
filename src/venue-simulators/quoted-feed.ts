import { assert } from '#base/assert.ts';
import type { EventByType } from '#domain/events.ts';
import type { FeedPort, MarketEvent } from '#engine/ports.ts';

const minuteMs = 60_000;
/** More would be closer together than a tenth of a second. */
const QUOTES_PER_MINUTE_MAX = 600;

type ClosedBar = EventByType['bar.closed'];

export interface QuotedFeedOptions {
  readonly quotesPerMinute?: number;
  /** Minutes that open before it are told by their bars alone: nobody looks at quotes of the past. */
  readonly quotesFromAt?: number;
  /** Ask less bid in ticks, where the bar does not say it. */
  readonly spreadOf?: (bar: ClosedBar) => number;
}

/**
 * Bars of bid prices with quotes inside their minutes. The quotes walk from the open to the extreme that lies behind, over to the other
 * one and to the close, so that with four or more of them in a minute the bar is what they made. Bars come sorted by time; of one instant
 * quotes come before bars, both in the order of the bars.
 */
export function quotedFeed(bars: FeedPort, options: QuotedFeedOptions = {}): FeedPort {
  const { quotesPerMinute = 12, quotesFromAt = -Infinity, spreadOf = () => 1 } = options;
  const isCountRight = Number.isInteger(quotesPerMinute) && quotesPerMinute > 0;
  assert(isCountRight && quotesPerMinute <= QUOTES_PER_MINUTE_MAX, `1 to ${QUOTES_PER_MINUTE_MAX} quotes a minute`);
  let pending: MarketEvent[] = [];
  let position = 0;
  const peek = (): MarketEvent | undefined => {
    if (position === pending.length) {
      const minute = nextMinute(bars, spreadOf);
      const isQuoted = (minute[0]?.openAt ?? 0) >= quotesFromAt;
      pending = isQuoted ? [...quotesOf(minute, quotesPerMinute), ...minute] : minute;
      position = 0;
    }
    return pending[position];
  };
  return {
    peekAt: () => peek()?.at ?? Infinity,
    next: () => {
      const event = peek();
      if (event !== undefined) position += 1;
      return event;
    },
  };
}

/** All bars of the next instant. Quotes among them are left out: they are made here. */
function nextMinute(bars: FeedPort, spreadOf: (bar: ClosedBar) => number): ClosedBar[] {
  const minute: ClosedBar[] = [];
  const at = (): number => minute[0]?.at ?? bars.peekAt();
  while (bars.peekAt() <= at() && bars.peekAt() !== Infinity) {
    const event = bars.next();
    if (event?.type !== 'bar.closed') continue;
    minute.push(event.spread > 0 ? event : { ...event, spread: spreadOf(event) });
  }
  return minute;
}

function quotesOf(minute: readonly ClosedBar[], count: number): MarketEvent[] {
  const paths = minute.map((bar) => pathOf(bar, count));
  const quotes: MarketEvent[] = [];
  for (let step = 0; step < count; step += 1) {
    for (const [index, bar] of minute.entries()) {
      // In the middle of their share of the minute, so that none falls on the instant at which a bar begins or ends.
      const at = bar.openAt + Math.floor(((step + 0.5) * minuteMs) / count);
      const bidPrice = paths[index]?.[step] ?? bar.close;
      quotes.push({
        type: 'quote.updated',
        at,
        instrument: bar.instrument,
        bidPrice,
        askPrice: bidPrice + bar.spread,
      });
    }
  }
  return quotes;
}

/** Corners of the walk, spread evenly over the quotes; what lies between is on a line. */
function pathOf({ open, high, low, close }: ClosedBar, count: number): number[] {
  if (count === 1) return [close];
  const corners = close >= open ? [open, low, high, close] : [open, high, low, close];
  const chosen = count === 2 ? [open, close] : count === 3 ? corners.slice(0, 2).concat(close) : corners;
  const legs = chosen.length - 1;
  const indexOf = (corner: number): number => Math.round((corner * (count - 1)) / legs);
  return Array.from({ length: count }, (_, step) => {
    let corner = 0;
    while (corner < legs - 1 && indexOf(corner + 1) <= step) corner += 1;
    const from = chosen[corner] ?? close;
    const to = chosen[corner + 1] ?? close;
    const share = (step - indexOf(corner)) / (indexOf(corner + 1) - indexOf(corner));
    return Math.round(from + (to - from) * share);
  });
}
