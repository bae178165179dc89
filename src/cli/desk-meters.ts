import { type MetricSources, metricsText } from '#api/metrics-text.ts';
import { processMetrics } from '#api/process-metrics.ts';
import { TradeMetrics } from '#api/trade-metrics.ts';
import type { Event } from '#domain/events.ts';
import { scaleOf } from '#domain/scale.ts';
import { accountFigures } from '#engine/account.ts';
import type { Engine } from '#engine/engine.ts';
import { midPrice } from '#engine/market.ts';

/** What is counted of a desk from the start of its process on. */
export class DeskMeters {
  readonly #trades: TradeMetrics;
  readonly #process = processMetrics();

  constructor(engine: Engine) {
    const { state } = engine;
    this.#trades = new TradeMetrics({
      instruments: () => Object.values(state.markets).map(({ instrument }) => instrument),
      midPriceOf: ({ id }) => midPrice(state.markets[id]),
      moneyDecimals: () => engine.policies?.desk.moneyDecimals,
      equity: () => {
        const desk = engine.policies?.desk;
        return desk === undefined ? undefined : accountFigures(state, desk).equity / scaleOf(desk.moneyDecimals);
      },
    });
  }

  observe(event: Event): void {
    this.#trades.observe(event);
  }

  /** Prometheus text of these and of what others know. */
  text(sources: Omit<MetricSources, 'trades' | 'process'>): Promise<string> {
    return metricsText({ ...sources, trades: this.#trades, process: this.#process });
  }
}
