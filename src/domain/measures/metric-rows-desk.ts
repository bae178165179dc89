import { counterRow, gaugeRow, histogramRow, type MetricRow } from './metric-row.ts';

const perInstrument = { labels: ['instrument'] };
const perModule = { labels: ['module', 'slot'] };
const fx = { source: 'fx-desk i.3' };
const fxPerInstrument = { ...fx, ...perInstrument };
const crypto = { source: 'crypto-desk 12.8' };

/** What any desk tells of its trading. Counts of the run go on after a restart. */
export const metricRowsRun: readonly MetricRow[] = [
  counterRow('tradewind_bars_total', 'Bars taken in.'),
  counterRow('tradewind_ticks_total', 'Ticks of the clock.'),
  counterRow('tradewind_decisions_total', 'Decisions made.'),
  counterRow('tradewind_orders_total', 'Orders submitted.'),
  counterRow('tradewind_fills_total', 'Own executions.'),
  counterRow('tradewind_denials_total', 'Targets that the hard limits refused.'),
  counterRow('tradewind_round_trips_total', 'Positions opened and closed again.'),
  gaugeRow('tradewind_equity', 'Equity in the account currency.'),
  gaugeRow('tradewind_balance', 'Balance in the account currency.'),
  gaugeRow('tradewind_event_time_seconds', 'Event time of the newest event, seconds since 1970.'),
  gaugeRow('tradewind_warm', 'Whether history has been taken in.'),
  gaugeRow('tradewind_alerts', 'Alerts that stand.'),
  gaugeRow('tradewind_position', 'Signed quantity held.', perInstrument),
  gaugeRow('tradewind_session_open', 'Whether the market and a session of the instrument are open.', perInstrument),
  counterRow('tradewind_module_calls_total', 'Calls of a module in a slot.', perModule),
  counterRow('tradewind_module_changes_total', "Calls that changed the slot's value.", perModule),
  counterRow('tradewind_module_failures_total', 'Calls that failed.', perModule),
];

/** Names of the FX desk. Counters run since the process began. */
export const metricRowsFx: readonly MetricRow[] = [
  gaugeRow('sep_rolling_gate', 'Eligibility of each instrument; always 1.', {
    ...fx,
    labels: ['instrument', 'eligible', 'buf'],
  }),
  gaugeRow('sep_allocator_selected', 'Instruments with a weight; only these are listed.', fxPerInstrument),
  gaugeRow(
    'sep_allocator_cooldown',
    'Whether an instrument cools down after it has lost its eligibility.',
    fxPerInstrument,
  ),
  gaugeRow('sep_allocator_hold', 'Whether the weights are held.', fx),
  gaugeRow('sep_allocator_age_seconds', 'Age of the newest weights in event time.', fx),
  gaugeRow('sep_gates_blob_age_seconds', 'Age of the newest gates in event time.', fx),
  gaugeRow('sep_manifold_age_seconds', 'Age of the newest window in event time.', fxPerInstrument),
  gaugeRow('sep_kill_switch', 'Whether the kill switch is engaged.', fx),
  gaugeRow('sep_margin_utilisation', 'Share of the margin in use.', fx),
  gaugeRow('sep_bt_calmar', 'Calmar ratio of the strict evaluation over 30 days.', fxPerInstrument),
  gaugeRow(
    'sep_nav_change_7d',
    'Change of equity over 7 days of event time in the account currency; there once the process has seen 7 days.',
    fx,
  ),
  gaugeRow(
    'sep_exit_efficiency',
    'Realised profit over the most that stood open, of the last 100 round trips that this process saw.',
    fxPerInstrument,
  ),
  counterRow('sep_strategy_entry_total', 'Orders submitted to enter a position.', fx),
  counterRow('sep_guard_block_total', 'Times that an active gate began to block an instrument.', {
    ...fx,
    labels: ['instrument', 'reason'],
  }),
  counterRow('sep_candle_gap_total', 'Gaps of more than an hour between two bars, those of weekends too.', fx),
  counterRow('sep_order_reject_total', 'Orders that the venue rejected.', { ...fx, labels: ['code'] }),
  gaugeRow('sep_span_integrity_ok', 'Whether the spans of all trials hold what they must.', { ...fx, plannedIn: 4 }),
  counterRow('sep_span_monotonic_violations_total', 'Spans of trials that went back in time.', {
    ...fx,
    plannedIn: 4,
  }),
  counterRow('sep_studies_series_calls_total', 'Requests for the series of a study: ok, no_long_run or error.', {
    ...fx,
    labels: ['status'],
    plannedIn: 4,
  }),
  gaugeRow('sep_global_status_age_seconds', "Age of the dashboard's single feed.", { ...fx, plannedIn: 8 }),
];

/** Names of the crypto desk, which any desk tells. Counters and histograms run since the process began. */
export const metricRowsCrypto: readonly MetricRow[] = [
  histogramRow(
    'quantum_trader_trade_pnl',
    'Realised profit of a round trip in the account currency, before fees and financing.',
    { ...crypto, ...perInstrument },
  ),
  histogramRow('quantum_trader_trade_size_usd', 'Size of a round trip at its entry price, in US dollars.', {
    ...crypto,
    ...perInstrument,
  }),
  histogramRow('quantum_trader_trade_duration_sec', 'Seconds of event time from entry to exit.', {
    ...crypto,
    ...perInstrument,
  }),
  counterRow('quantum_trader_trade_total', 'Round trips closed.', { ...crypto, labels: ['instrument', 'direction'] }),
  gaugeRow('quantum_trader_latency', "Milliseconds that the engine's newest slice of work took.", crypto),
  counterRow('quantum_trader_model_predictions', 'Forecasts made.', { ...crypto, labels: ['model'], plannedIn: 5 }),
  histogramRow('quantum_trader_model_confidence', 'Confidence of a forecast, 0 to 1.', {
    ...crypto,
    labels: ['model'],
    plannedIn: 5,
  }),
];
