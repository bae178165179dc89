import { Registry } from 'prom-client';
import { type HealthReport, healthStatuses } from '#domain/health.ts';
import type { KeyStoreInfo } from '#domain/keys/key-value.ts';
import { metricNamed } from '#domain/measures/metric-table.ts';
import type { ProjectionStatus } from '#runtime/mirror/projection-runner.ts';
import type { DeskStatus } from '#runtime/status.ts';
import { tableCounter, tableGauge } from './table-metric.ts';
import type { TradeMetrics } from './trade-metrics.ts';

/** A stream of the bus and how far its groups are: entries not acknowledged, and those of them that were delivered. */
export interface StreamFigures {
  readonly stream: string;
  readonly length: number;
  readonly groups: readonly { readonly group: string; readonly lag: number; readonly pending: number }[];
}

/** Everything that is measured. What this process does not have is undefined, and is not told. */
export interface MetricSources {
  readonly status: DeskStatus;
  readonly health: HealthReport;
  readonly projections: readonly ProjectionStatus[];
  readonly store: KeyStoreInfo | undefined;
  readonly streams: readonly StreamFigures[] | undefined;
  readonly deadLetters: number | undefined;
  readonly journal: { readonly lastSequence: number; readonly durableSequence: number };
  readonly jobs: { readonly open: number };
  /** How long the engine's newest slice of work took. */
  readonly latencyMs: number | undefined;
  readonly trades: TradeMetrics;
  readonly process: Registry;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric of the table with its series of this moment. */
interface Family {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** A process in the text format of Prometheus 0.0.4 (FX desk specification i.3). What has no value is left out. */
export async function metricsText(sources: MetricSources): Promise<string> {
  const { status, health, trades } = sources;
  const registry = new Registry();
  const families = [
    ...counters(status),
    ...deskGauges(status),
    ...instrumentGauges(status),
    ...moduleCounters(status),
    ...healthGauges(health),
    ...projectionGauges(sources),
    ...storeGauges(sources.store),
    ...streamGauges(sources),
    single('sep_nav_change_7d', trades.navChange()),
    single('quantum_trader_latency', sources.latencyMs),
    single('tradewind_jobs_open', sources.jobs.open),
  ];
  for (const { name, samples } of families) if (samples.length > 0) fill(registry, name, samples);
  const texts = await Promise.all([registry, trades.registry, sources.process].map((part) => part.metrics()));
  // The library spells a number that is none in a way of its own.
  return texts.join('\n').replaceAll(/ Nan$/gm, ' NaN');
}

function fill(registry: Registry, name: string, samples: readonly Sample[]): void {
  if (metricNamed(name).type === 'counter') {
    const counter = tableCounter(registry, name);
    for (const { labels, value } of samples) counter.inc({ ...labels }, value);
    return;
  }
  const gauge = tableGauge(registry, name);
  for (const { labels, value } of samples) gauge.set({ ...labels }, value);
}

const countNames: Readonly<Record<string, string>> = {
  bars: 'tradewind_bars_total',
  ticks: 'tradewind_ticks_total',
  decisions: 'tradewind_decisions_total',
  orders: 'tradewind_orders_total',
  fills: 'tradewind_fills_total',
  denials: 'tradewind_denials_total',
  roundTrips: 'tradewind_round_trips_total',
};

function counters({ counts }: DeskStatus): Family[] {
  return Object.entries(countNames).map(([key, name]) => single(name, counts[key] ?? 0));
}

function deskGauges({ account, kill, gates, weights, at, isWarm, alerts }: DeskStatus): Family[] {
  return [
    single('tradewind_equity', account.equity),
    single('tradewind_balance', account.balance),
    single('tradewind_event_time_seconds', at / 1000),
    single('tradewind_warm', Number(isWarm)),
    single('tradewind_alerts', alerts.length),
    single('sep_margin_utilisation', account.marginUtilization),
    single('sep_kill_switch', Number(kill.isEngaged)),
    single('sep_gates_blob_age_seconds', gates?.ageSeconds),
    single('sep_allocator_age_seconds', weights === null ? undefined : (at - weights.at) / 1000),
    single('sep_allocator_hold', weights === null ? undefined : Number(weights.isHeld)),
  ];
}

function single(name: string, value: number | undefined): Family {
  return { name, samples: value === undefined ? [] : [{ labels: {}, value }] };
}

function instrumentGauges({ instruments, gates }: DeskStatus): Family[] {
  const rolling = instruments.map(({ symbol, isEligible, buffer }) => ({
    labels: { instrument: symbol, eligible: isEligible ? '1' : '0', buf: (buffer ?? 0).toFixed(2) },
    value: 1,
  }));
  const perInstrument = (name: string, figureOf: (instrument: Instrument) => number | null): Family => ({
    name,
    samples: instruments.flatMap((instrument) => sampleOf(instrument.symbol, figureOf(instrument))),
  });
  return [
    { name: 'sep_rolling_gate', samples: gates === null ? [] : rolling },
    perInstrument('sep_allocator_selected', ({ weight }) => (weight > 0 ? 1 : null)),
    perInstrument('sep_allocator_cooldown', ({ isCoolingDown }) => (gates === null ? null : Number(isCoolingDown))),
    perInstrument('sep_manifold_age_seconds', ({ manifoldAgeSeconds }) => manifoldAgeSeconds),
    perInstrument('sep_bt_calmar', ({ calmar30d }) => calmar30d),
    perInstrument('tradewind_position', ({ signedQuantity }) => signedQuantity),
    perInstrument('tradewind_session_open', ({ session }) => Number(session.isOpen)),
  ];
}

type Instrument = DeskStatus['instruments'][number];

function sampleOf(instrument: string, value: number | null): Sample[] {
  return value === null ? [] : [{ labels: { instrument }, value }];
}

function moduleCounters({ modules }: DeskStatus): Family[] {
  const family = (name: string, key: 'calls' | 'changed' | 'failed'): Family => ({
    name,
    samples: modules.map((entry) => ({ labels: { module: entry.name, slot: entry.slot }, value: entry[key] })),
  });
  return [
    family('tradewind_module_calls_total', 'calls'),
    family('tradewind_module_changes_total', 'changed'),
    family('tradewind_module_failures_total', 'failed'),
  ];
}

function healthGauges({ dependencies, system }: HealthReport): Family[] {
  const samples = Object.entries(dependencies).map(([dependency, { status }]) => ({
    labels: { dependency },
    value: healthStatuses.indexOf(status),
  }));
  return [
    { name: 'tradewind_health_status', samples },
    single('tradewind_event_loop_lag_seconds', system.event_loop_lag_ms / 1000),
  ];
}

function projectionGauges({ journal, projections }: MetricSources): Family[] {
  const family = (name: string, key: 'sequence' | 'lag'): Family => ({
    name,
    samples: projections.map((projection) => ({ labels: { projection: projection.name }, value: projection[key] })),
  });
  return [
    single('tradewind_journal_sequence', journal.lastSequence),
    single('tradewind_journal_durable_sequence', journal.durableSequence),
    family('tradewind_projection_sequence', 'sequence'),
    family('tradewind_projection_lag', 'lag'),
  ];
}

function storeGauges(store: KeyStoreInfo | undefined): Family[] {
  if (store === undefined) return [];
  const reachable = single('tradewind_store_reachable', Number(store.isReachable));
  if (!store.isReachable) return [reachable];
  return [
    reachable,
    single('tradewind_store_latency_seconds', store.latencyMs / 1000),
    single('tradewind_store_memory_bytes', store.memoryBytes),
    single('tradewind_store_memory_limit_bytes', store.memoryLimitBytes ?? undefined),
  ];
}

function streamGauges({ streams = [], deadLetters }: MetricSources): Family[] {
  const perGroup = (name: string, key: 'lag' | 'pending'): Family => ({
    name,
    samples: streams.flatMap(({ stream, groups }) =>
      groups.map((group) => ({ labels: { stream, group: group.group }, value: group[key] })),
    ),
  });
  return [
    {
      name: 'tradewind_stream_length',
      samples: streams.map(({ stream, length }) => ({ labels: { stream }, value: length })),
    },
    perGroup('tradewind_group_lag', 'lag'),
    perGroup('tradewind_group_pending', 'pending'),
    single('tradewind_dead_letters', deadLetters),
  ];
}
