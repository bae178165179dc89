import { Registry } from 'prom-client';
import { conversionRate } from '#domain/conversion.ts';
import type { Event, EventByType } from '#domain/events.ts';
import type { Instrument } from '#domain/instrument.ts';
import { scaleOf, toDecimal } from '#domain/scale.ts';
import { boundedLabel } from './bounded-label.ts';
import { ExitEfficiency } from './exit-efficiency.ts';
import { GateBlocks } from './gate-blocks.ts';
import { NavHistory } from './nav-history.ts';
import { tableCounter, tableGauge, tableHistogram } from './table-metric.ts';

/** What is known of a desk beside its events: how figures are counted, and what stands at the moment. */
export interface TradeScene {
  /** Every instrument that was listed. */
  instruments(): Iterable<Instrument>;
  /** The mid price in ticks; undefined while none is known. */
  midPriceOf(instrument: Instrument): number | undefined;
  /** Decimals of the account's money; undefined before the desk's policy. */
  moneyDecimals(): number | undefined;
  /** In whole units of the account currency; undefined before the desk's policy. */
  equity(): number | undefined;
}

const gapMs = 3_600_000;
const pnlBuckets = [-1000, -300, -100, -30, -10, -3, 0, 3, 10, 30, 100, 300, 1000];
const sizeBuckets = [100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
const durationBuckets = [60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 259_200];

/** Counts what a desk's events tell of its trading, from the start of the process on; it is told every event once, in order. */
export class TradeMetrics {
  /** Holds the metrics that come from events. */
  readonly registry = new Registry();
  readonly #scene: TradeScene;
  readonly #trades = tableCounter(this.registry, 'quantum_trader_trade_total');
  readonly #pnl = tableHistogram(this.registry, 'quantum_trader_trade_pnl', pnlBuckets);
  readonly #size = tableHistogram(this.registry, 'quantum_trader_trade_size_usd', sizeBuckets);
  readonly #duration = tableHistogram(this.registry, 'quantum_trader_trade_duration_sec', durationBuckets);
  readonly #efficiency = tableGauge(this.registry, 'sep_exit_efficiency');
  readonly #entries = tableCounter(this.registry, 'sep_strategy_entry_total');
  readonly #rejections = tableCounter(this.registry, 'sep_order_reject_total');
  readonly #blocks = tableCounter(this.registry, 'sep_guard_block_total');
  readonly #gaps = tableCounter(this.registry, 'sep_candle_gap_total');
  readonly #differences = tableCounter(this.registry, 'tradewind_reconcile_differences_total');
  readonly #exits = new ExitEfficiency();
  readonly #gates = new GateBlocks();
  readonly #nav = new NavHistory();
  readonly #openAtByInstrument = new Map<string, number>();
  readonly #codeLabel = boundedLabel();
  readonly #reasonLabel = boundedLabel();

  constructor(scene: TradeScene) {
    this.#scene = scene;
  }

  /** Change of equity over seven days of event time; undefined until the process has seen them. */
  navChange(): number | undefined {
    return this.#nav.change();
  }

  observe(event: Event): void {
    if (event.type === 'roundTrip.closed') this.#observeTrip(event);
    if (event.type === 'order.submitted' && event.order.purpose === 'entry') this.#entries.inc();
    if (event.type === 'order.rejected') this.#rejections.inc({ code: this.#codeLabel(event.code) });
    if (event.type === 'module.decided') this.#observeGate(event);
    if (event.type === 'bar.closed') this.#observeBar(event);
    if (event.type === 'venue.reconciled') this.#differences.inc(event.differences.length);
    if (event.type === 'time.ticked' && this.#nav.isDue(event.at)) this.#observeEquity(event.at);
  }

  #observeTrip(trip: EventByType['roundTrip.closed']): void {
    const instrument = this.#instrument(trip.instrument);
    const symbol = instrument?.symbol ?? trip.instrument;
    this.#trades.inc({ instrument: symbol, direction: trip.direction });
    this.#duration.observe({ instrument: symbol }, (trip.at - trip.openedAt) / 1000);
    const share = this.#exits.observe(symbol, trip.realizedPnl, trip.maximumFavorable);
    if (share !== undefined) this.#efficiency.set({ instrument: symbol }, share);
    const decimals = this.#scene.moneyDecimals();
    if (decimals !== undefined) this.#pnl.observe({ instrument: symbol }, toDecimal(trip.realizedPnl, decimals));
    const size = instrument === undefined ? undefined : this.#dollars(instrument, trip);
    if (size !== undefined) this.#size.observe({ instrument: symbol }, size);
  }

  /** The size at entry in dollars; undefined while no price leads to them. */
  #dollars(instrument: Instrument, trip: EventByType['roundTrip.closed']): number | undefined {
    const { quoteCurrency, contractSize, priceDecimals, quantityDecimals } = instrument;
    const midPriceOf = (known: Instrument): number | undefined => this.#scene.midPriceOf(known);
    const rate = conversionRate(quoteCurrency, 'USD', this.#scene.instruments(), midPriceOf);
    if (rate === undefined) return undefined;
    const notional = (trip.quantity * contractSize * trip.entryPrice) / scaleOf(priceDecimals);
    return (toDecimal(notional, quantityDecimals) * rate.numerator) / rate.denominator;
  }

  #observeGate(event: EventByType['module.decided']): void {
    for (const { instrument, reason } of this.#gates.observe(event)) {
      const symbol = this.#instrument(instrument)?.symbol ?? instrument;
      this.#blocks.inc({ instrument: symbol, reason: this.#reasonLabel(reason) });
    }
  }

  #observeBar({ instrument, openAt }: EventByType['bar.closed']): void {
    const before = this.#openAtByInstrument.get(instrument);
    if (before !== undefined && openAt - before > gapMs) this.#gaps.inc();
    this.#openAtByInstrument.set(instrument, openAt);
  }

  #observeEquity(at: number): void {
    const equity = this.#scene.equity();
    if (equity !== undefined) this.#nav.note(at, equity);
  }

  #instrument(id: string): Instrument | undefined {
    for (const instrument of this.#scene.instruments()) if (instrument.id === id) return instrument;
    return undefined;
  }
}
