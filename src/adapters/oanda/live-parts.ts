import type { RateBudget } from '#adapters/wire/rate-budget.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { AnswerWatch } from './answer-watch.ts';
import { ClockProbe } from './clock-probe.ts';
import { InstrumentWatch } from './instrument-watch.ts';
import { LiveBars } from './live-bars.ts';
import type { OandaContext } from './oanda-context.ts';
import { type OandaOptions, originsOf } from './oanda-options.ts';
import { PriceFeed } from './price-feed.ts';
import {
  type LineStream,
  type LineStreamOptions,
  lineStream,
  pricingStreamUrl,
  transactionStreamUrl,
} from './stream.ts';
import type { TransactionFeed } from './transaction-feed.ts';
import { quarantined } from './transaction-reading.ts';

export interface LivePartsOptions {
  readonly context: OandaContext;
  readonly options: OandaOptions;
  readonly budget: RateBudget;
  readonly watch: AnswerWatch;
  readonly feed: TransactionFeed;
  readonly instruments: readonly Instrument[];
  readonly barsFromAt: (instrument: InstrumentId) => number | undefined;
}

/** Everything that goes on by itself while the venue is open: both streams, the bars, and the watches over clock and instruments. */
export class LiveParts {
  readonly #parts: readonly { open(): void; close(): void }[];

  constructor(live: LivePartsOptions) {
    const { context, options, instruments, barsFromAt } = live;
    const isOpen = options.isOpen ?? (() => true);
    const account = accountStream(live);
    const [first] = instruments;
    if (first === undefined) {
      this.#parts = [account];
      return;
    }
    const prices = new PriceFeed({ context, instruments, isOpen });
    this.#parts = [
      account,
      priceStream(live, prices),
      prices,
      new LiveBars({ context, instruments, isOpen, startAtOf: barsFromAt }),
      new ClockProbe(context, first.symbol),
      new InstrumentWatch(context, instruments),
    ];
  }

  open(): void {
    for (const part of this.#parts) part.open();
  }

  close(): void {
    for (const part of this.#parts) part.close();
  }
}

function accountStream(live: LivePartsOptions): LineStream {
  const { options, feed } = live;
  return lineStream({
    ...sharedOf(live, 'account'),
    name: 'transaction stream',
    url: transactionStreamUrl(originsOf(options).stream, options.accountId),
    onUp: () => feed.onUp(),
    onDown: (reason) => feed.onDown(reason),
    onValue: (value) => feed.onValue(value),
  });
}

function priceStream(live: LivePartsOptions, prices: PriceFeed): LineStream {
  const { options, instruments } = live;
  const symbols = instruments.map(({ symbol }) => symbol);
  return lineStream({
    ...sharedOf(live, 'prices'),
    name: 'pricing stream',
    url: pricingStreamUrl(originsOf(options).stream, options.accountId, symbols),
    // Being connected says nothing of prices: they are back when one arrives.
    onUp: () => undefined,
    onDown: (reason) => prices.onDown(reason),
    onValue: (value) => prices.onValue(value),
  });
}

type Shared = Pick<LineStreamOptions, 'network' | 'time' | 'budget' | 'token' | 'onBadLine' | 'onStatus'>;

function sharedOf({ options, budget, watch, context }: LivePartsOptions, part: string): Shared {
  return {
    network: options.network,
    time: options.time,
    budget,
    token: options.token,
    onBadLine: (line) => context.tell(quarantined('BAD_LINE', line, context.reading, part)),
    onStatus: (status) => watch.onStatus(status),
  };
}
