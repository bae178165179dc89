import type { DeskStatus } from '#runtime/status.ts';

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
}

const counterHelp: Readonly<Record<string, readonly [name: string, help: string]>> = {
  bars: ['tradewind_bars_total', 'Bars taken in.'],
  ticks: ['tradewind_ticks_total', 'Ticks of the clock.'],
  decisions: ['tradewind_decisions_total', 'Decisions made.'],
  orders: ['tradewind_orders_total', 'Orders submitted.'],
  fills: ['tradewind_fills_total', 'Own executions.'],
  denials: ['tradewind_denials_total', 'Targets that the hard limits refused.'],
  roundTrips: ['tradewind_round_trips_total', 'Positions opened and closed again.'],
};

/** A desk in the text format of Prometheus 0.0.4 (FX desk specification i.3). Series without a value are left out. */
export function metricsText(status: DeskStatus): string {
  return [...counters(status), ...deskGauges(status), ...instrumentGauges(status), ...moduleCounters(status)]
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join('');
}

function counters({ counts }: DeskStatus): Family[] {
  return Object.entries(counterHelp).map(([key, [name, help]]) => ({
    name,
    help,
    type: 'counter',
    samples: [{ value: counts[key] ?? 0 }],
  }));
}

function deskGauges({ account, kill, gates, weights, at, isWarm, alerts }: DeskStatus): Family[] {
  const weightsAge = weights === null ? undefined : (at - weights.at) / 1000;
  return [
    gauge('tradewind_equity', 'Equity in the account currency.', account.equity),
    gauge('tradewind_balance', 'Balance in the account currency.', account.balance),
    gauge('tradewind_event_time_seconds', 'Event time of the newest event, seconds since 1970.', at / 1000),
    gauge('tradewind_warm', 'Whether history has been taken in.', isWarm ? 1 : 0),
    gauge('tradewind_alerts', 'Alerts that stand.', alerts.length),
    gauge('sep_margin_utilisation', 'Share of the margin in use.', account.marginUtilization),
    gauge('sep_kill_switch', 'Whether the kill switch is engaged.', kill.isEngaged ? 1 : 0),
    gauge('sep_gates_blob_age_seconds', 'Age of the newest gates in event time.', gates?.ageSeconds),
    gauge('sep_allocator_age_seconds', 'Age of the newest weights in event time.', weightsAge),
    gauge('sep_allocator_hold', 'Whether the weights are held.', weights === null ? undefined : Number(weights.isHeld)),
  ];
}

function gauge(name: string, help: string, value: number | undefined): Family {
  return { name, help, type: 'gauge', samples: value === undefined ? [] : [{ value }] };
}

function instrumentGauges({ instruments, gates }: DeskStatus): Family[] {
  const rolling = instruments.map(({ symbol, isEligible, buffer }) => ({
    labels: { instrument: symbol, eligible: isEligible ? '1' : '0', buf: (buffer ?? 0).toFixed(2) },
    value: 1,
  }));
  return [
    series('sep_rolling_gate', 'Eligibility of each instrument; always 1.', gates === null ? [] : rolling),
    series(
      'sep_allocator_selected',
      'Instruments with a weight; only these are listed.',
      instruments.filter(({ weight }) => weight > 0).map(({ symbol }) => sample(symbol, 1)),
    ),
    series(
      'sep_allocator_cooldown',
      'Whether an instrument cools down after it has lost its eligibility.',
      gates === null ? [] : instruments.map(({ symbol, isCoolingDown }) => sample(symbol, isCoolingDown ? 1 : 0)),
    ),
    series(
      'sep_manifold_age_seconds',
      'Age of the newest window in event time.',
      instruments.flatMap(({ symbol, manifoldAgeSeconds: age }) => (age === null ? [] : [sample(symbol, age)])),
    ),
    series(
      'tradewind_position',
      'Signed quantity held.',
      instruments.map(({ symbol, signedQuantity }) => sample(symbol, signedQuantity)),
    ),
  ];
}

function series(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: 'gauge', samples };
}

function sample(instrument: string, value: number): Sample {
  return { labels: { instrument }, value };
}

function moduleCounters({ modules }: DeskStatus): Family[] {
  const family = (name: string, help: string, key: 'calls' | 'changed' | 'failed'): Family => ({
    name,
    help,
    type: 'counter',
    samples: modules.map((entry) => ({ labels: { module: entry.name, slot: entry.slot }, value: entry[key] })),
  });
  return [
    family('tradewind_module_calls_total', 'Calls of a module in a slot.', 'calls'),
    family('tradewind_module_changes_total', "Calls that changed the slot's value.", 'changed'),
    family('tradewind_module_failures_total', 'Calls that failed.', 'failed'),
  ];
}

function familyText({ name, help, type, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels ?? {})} ${numberText(value)}`);
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Math.abs(value) === Infinity) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
