import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { variableNamed } from '#domain/configuration/configuration.ts';
import { findMetric, metricTable } from '#domain/measures/metric-table.ts';
import { promqlNames } from '../support/promql-names.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const text = (name: string): string => readFileSync(join(deploy, name), 'utf8');

const duration = z.string().regex(/^\d+[smhd]$/);
const ruleSchema = z.strictObject({
  alert: z.string().regex(/^(?:Sep|Tradewind)[A-Za-z]+$/),
  expr: z.string().min(1),
  for: duration.optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'warn', 'investigate']) }),
  annotations: z.strictObject({ summary: z.string().min(1), description: z.string().min(1) }),
});
const { groups } = z
  .strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(ruleSchema) })).length(1) })
  .parse(parse(text('prometheus/alerts.yml')));
const rules = groups.flatMap((group) => group.rules);

const targetSchema = z.object({ refId: z.string(), expr: z.string().min(1) });
const dataSource = z.object({ type: z.literal('prometheus'), uid: z.string() });
const panelSchema = z.object({
  id: z.int(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  description: z.string().optional(),
  datasource: dataSource.optional(),
  gridPos: z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) }),
  targets: z.array(targetSchema).optional(),
});
const dashboard = z
  .object({ uid: z.literal('tradewind'), title: z.string(), schemaVersion: z.int(), panels: z.array(panelSchema) })
  .parse(JSON.parse(text('grafana/dashboards/tradewind.json')));
const drawn = dashboard.panels.filter(({ type }) => type !== 'row');

/** What Prometheus makes itself. */
const ownSeries = ['up'];

function assertExists(expression: string, where: string): void {
  const names = promqlNames(expression);
  assert.notEqual(names.length, 0, `${where}: '${expression}' names no metric`);
  for (const name of names.filter((each) => !ownSeries.includes(each))) {
    const row = findMetric(name);
    assert.ok(row !== undefined, `${where}: '${name}' is not in the metric table`);
    assert.equal(row.plannedIn, null, `${where}: '${name}' is planned`);
    const isPart = row.name !== name;
    assert.equal(isPart, row.type === 'histogram', `${where}: '${name}' has no series of that name`);
  }
}

function ruleOf(alert: string): z.infer<typeof ruleSchema> {
  const rule = rules.find((each) => each.alert === alert);
  assert.ok(rule !== undefined, alert);
  return rule;
}

test('the names in an expression are told from everything else in it', () => {
  const names = promqlNames(
    'sum by (code) (increase(a_total{code=~"b|c", d="e_total"}[15m])) > 1e3 or on () max(f:g) unless h_bucket offset 7d',
  );
  assert.deepEqual(names, ['a_total', 'f:g', 'h_bucket']);
  assert.deepEqual(promqlNames('histogram_quantile(0.5, sum by (le) (rate(x_bucket[1d])))'), ['x_bucket']);
  assert.deepEqual(promqlNames('(a or on () (b - b offset 7d)) < 0 and on () avg(c and on (d) e == 1) > 0'), [
    ...['a', 'b', 'b', 'c', 'e'],
  ]);
});

test('alerts speak of metrics that exist', () => {
  for (const { alert, expr } of rules) assertExists(expr, alert);
});

test('no alert stands twice, and all of them stand in the group of the seed', () => {
  assert.deepEqual(
    groups.map(({ name }) => name),
    ['sep-rolling'],
  );
  const names = rules.map(({ alert }) => alert);
  assert.equal(new Set(names).size, names.length);
});

test('every alert of the FX desk specification is there, with its bound, its span and its weight', () => {
  const stated: readonly (readonly [alert: string, bound: RegExp, span: string | undefined, severity: string])[] = [
    ['SepEligibleBelowMinimum', /sep_rolling_gate\{eligible="1"\}.* < 3 /, '10m', 'page'],
    ['SepCooldownLockout', /sum\(sep_allocator_cooldown\) >= 5 /, '30m', 'warn'],
    ['SepNavDownCalmarUp', /avg_over_time\(sep_bt_calmar\[6h\]\).*sep_allocator_selected.* > 0/, '1h', 'investigate'],
    ['SepGatesStale', /sep_gates_blob_age_seconds > /, '1m', 'page'],
    ['SepAllocatorStale', /sep_allocator_age_seconds > /, '1m', 'warn'],
    ['SepExitEfficiencyLow', /sep_exit_efficiency < 0\.4/, '30m', 'warn'],
    ['SepOrdersRejected', /sep_order_reject_total/, undefined, 'warn'],
    ['SepReconcileDifferences', /tradewind_reconcile_differences_total/, undefined, 'page'],
    ['SepKillSwitchStuck', /sep_kill_switch == 1/, '1h', 'warn'],
  ];
  for (const [alert, bound, span, severity] of stated) {
    const rule = ruleOf(alert);
    assert.match(rule.expr, bound);
    assert.equal(rule.for, span, alert);
    assert.equal(rule.labels.severity, severity, alert);
  }
});

test('journal, projections, memory of the store and dead letters have their alerts', () => {
  assert.match(ruleOf('TradewindJournalFailing').expr, /tradewind_health_status\{dependency="journal"\} == 3/);
  assert.match(ruleOf('TradewindProjectionLag').expr, /tradewind_projection_lag > 10000/);
  assert.match(ruleOf('TradewindStoreMemoryHigh').expr, /> 0\.8$/);
  assert.match(ruleOf('TradewindStoreMemoryFull').expr, /> 0\.95$/);
  assert.match(ruleOf('TradewindDeadLetters').expr, /tradewind_dead_letters > 0/);
});

test('what depends on trading is silent while every session is closed', () => {
  for (const alert of ['SepEligibleBelowMinimum', 'SepCooldownLockout', 'SepGatesStale', 'SepAllocatorStale']) {
    assert.match(ruleOf(alert).expr, / and on \(\) max\(tradewind_session_open\) == 1$/, alert);
  }
});

test('ages are stale where the desk itself takes them for stale', () => {
  const gates = Number(variableNamed('GATES_BLOB_MAX_AGE_SEC').default);
  assert.ok(ruleOf('SepGatesStale').expr.startsWith(`sep_gates_blob_age_seconds > ${gates} `));
  const allocation = Number(variableNamed('ALLOC_INTERVAL_SEC').default);
  assert.ok(ruleOf('SepAllocatorStale').expr.startsWith(`sep_allocator_age_seconds > ${3 * allocation} `));
});

test('the dashboard shows metrics that exist, each panel from the source that is provisioned', () => {
  const [source] = z
    .object({ datasources: z.array(z.object({ uid: z.string(), type: z.string() })).length(1) })
    .parse(parse(text('grafana/provisioning/datasources/prometheus.yaml'))).datasources;
  assert.ok(drawn.length >= 30);
  for (const { title, datasource, targets = [], description } of drawn) {
    assert.deepEqual(datasource, { type: source?.type, uid: source?.uid }, title);
    assert.ok(targets.length > 0 && description !== undefined, title);
    assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
    for (const { expr } of targets) assertExists(expr, title);
  }
});

test('panels have ids of their own, lie inside the grid and cover none another', () => {
  assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
  const taken = new Set<string>();
  for (const { title, gridPos } of dashboard.panels) {
    const { x, y, w, h } = gridPos;
    assert.ok(x + w <= 24, title);
    for (let column = x; column < x + w; column += 1) {
      for (let line = y; line < y + h; line += 1) {
        const cell = `${column} ${line}`;
        assert.ok(!taken.has(cell), `'${title}' covers another panel`);
        taken.add(cell);
      }
    }
  }
});

test('every name of the specifications that exists is looked at by an alert or on the dashboard', () => {
  const expressions = [
    ...rules.map(({ expr }) => expr),
    ...drawn.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ];
  const looked = new Set(expressions.flatMap(promqlNames).map((name) => findMetric(name)?.name));
  const specified = metricTable.filter(({ name, plannedIn }) => /^(?:sep|quantum)_/.test(name) && plannedIn === null);
  assert.ok(specified.length >= 20);
  for (const { name } of specified) assert.ok(looked.has(name), name);
});
