import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { logFileName, logFilePattern } from '#adapters/telemetry/log-file.ts';
import { logLineSchema } from '#adapters/telemetry/log-line.ts';

const folder = resolve(import.meta.dirname, '../../deploy/logs');
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Every field of a log line, those inside of another with a point between: the truth that the shippers' files are held to. */
const fields = fieldsOf(logLineSchema.shape).sort();

function fieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>, above = ''): string[] {
  return Object.entries(shape).flatMap(([name, type]) => {
    const inner = type instanceof z.ZodOptional ? type.unwrap() : type;
    return inner instanceof z.ZodObject ? fieldsOf(inner.shape, `${above}${name}.`) : [`${above}${name}`];
  });
}

const properties: z.ZodType<Properties> = z.lazy(() =>
  z.record(z.string(), z.object({ type: z.string().optional(), properties: properties.optional() })),
);
type Properties = Record<string, { type?: string | undefined; properties?: Properties | undefined }>;

function mapped(given: Properties, above = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, { type, properties: inner }] of Object.entries(given)) {
    if (type !== undefined) found.set(above + name, type);
    if (inner !== undefined) for (const [path, kind] of mapped(inner, `${above}${name}.`)) found.set(path, kind);
  }
  return found;
}

test('a log line has the fields of the seed', () => {
  const seed = ['timestamp', 'level', 'service_name', 'event', 'trace_id', 'module', 'function', 'line', 'message'];
  const more = ['span_id', 'metadata', 'error.type', 'error.message', 'error.stack'];
  assert.deepEqual(fields, [...seed, ...more].sort());
});

test('the index template types every field of a line and knows no other', () => {
  const template = z
    .object({
      index_patterns: z.array(z.string()),
      data_stream: z.object({}),
      template: z.object({ mappings: z.object({ dynamic: z.literal(false), properties }) }),
    })
    .parse(JSON.parse(text('elasticsearch/index-template.json')));
  const types = mapped(template.template.mappings.properties);
  assert.equal(types.get('@timestamp'), 'date');
  types.delete('@timestamp');
  assert.deepEqual([...types.keys()].sort(), fields);
  assert.equal(types.get('timestamp'), 'date');
  assert.equal(types.get('trace_id'), 'keyword');
  assert.equal(types.get('metadata'), 'flattened');
});

test('Filebeat reads the files that are written and sends them where the template is for', () => {
  const filebeat = z
    .object({
      'filebeat.inputs': z.array(z.object({ type: z.literal('filestream'), paths: z.array(z.string()) })).length(1),
      processors: z.array(z.record(z.string(), z.unknown())),
      'output.elasticsearch': z.object({ index: z.string() }),
    })
    .parse(parse(text('elasticsearch/filebeat.yaml')));
  const [path = ''] = filebeat['filebeat.inputs'][0]?.paths ?? [];
  assert.match(path, /\/logs\/tradewind\*\.jsonl$/);
  assert.ok(logFileName.startsWith('tradewind') && logFilePattern.test('tradewind-2025-01-31.jsonl'));
  assert.match(filebeat['output.elasticsearch'].index, /^logs-tradewind-/);
  const timestamp = z.object({ field: z.string() }).parse(filebeat.processors[0]?.['timestamp']);
  assert.ok(fields.includes(timestamp.field));
  const dropped = z.object({ fields: z.array(z.string()) }).parse(filebeat.processors[1]?.['drop_fields']);
  assert.deepEqual(
    dropped.fields.filter((name) => fields.includes(name)),
    [],
  );
});

test('Promtail takes out every field of a line and no other, and labels by few values', () => {
  const stage = z.record(z.string(), z.unknown());
  const promtail = z
    .object({ scrape_configs: z.array(z.object({ pipeline_stages: z.array(stage), static_configs: z.array(stage) })) })
    .parse(parse(text('loki/promtail.yaml')));
  const [scrape] = promtail.scrape_configs;
  const stages = Object.assign({}, ...(scrape?.pipeline_stages ?? []));
  const { expressions } = z.object({ expressions: z.record(z.string(), z.string()) }).parse(stages['json']);
  assert.deepEqual(Object.values(expressions).sort(), fields);
  assert.deepEqual(Object.keys(z.record(z.string(), z.null()).parse(stages['labels'])), ['level', 'service_name']);
  const searched = Object.keys(z.record(z.string(), z.null()).parse(stages['structured_metadata']));
  assert.ok(searched.includes('trace_id'));
  assert.deepEqual(
    searched.filter((name) => !(name in expressions)),
    [],
  );
  const { labels } = z.object({ labels: z.record(z.string(), z.string()) }).parse(scrape?.static_configs[0]);
  assert.ok(labels['__path__']?.endsWith(`/logs/${logFileName}`));
});

test('Loki keeps what Promtail sends beside the labels', () => {
  const loki = z
    .object({
      limits_config: z.object({ allow_structured_metadata: z.boolean() }),
      schema_config: z.object({ configs: z.array(z.object({ schema: z.string(), store: z.string() })) }),
    })
    .parse(parse(text('loki/loki.yaml')));
  assert.equal(loki.limits_config.allow_structured_metadata, true);
  assert.deepEqual(loki.schema_config.configs, [{ schema: 'v13', store: 'tsdb' }]);
});

test("Datadog's agent and pipeline agree, and every field of a line has its place", () => {
  const agent = z
    .object({ logs: z.array(z.object({ type: z.literal('file'), path: z.string(), source: z.string() })).length(1) })
    .parse(parse(text('datadog/conf.yaml')));
  const pipeline = z
    .object({
      filter: z.object({ query: z.string() }),
      processors: z.array(z.object({ type: z.string(), sources: z.array(z.string()) })),
    })
    .parse(JSON.parse(text('datadog/pipeline.json')));
  assert.equal(pipeline.filter.query, `source:${agent.logs[0]?.source}`);
  assert.ok(agent.logs[0]?.path.endsWith(`/logs/${logFileName}`));
  assert.deepEqual(pipeline.processors.flatMap(({ sources }) => sources).sort(), fields);
});
