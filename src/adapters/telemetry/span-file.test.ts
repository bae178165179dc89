import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { readableSpan } from './readable-span.ts';
import { createSpanFile } from './span-file.ts';
import { spanLineSchema } from './span-line.ts';

function spanOf(name: string) {
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: null };
  const span = {
    ...ids,
    name,
    kind: 'internal',
    startedAt: 1,
    endedAt: 2,
    attributes: {},
    problem: null,
    isSampled: null,
  } as const;
  return readableSpan(span, resourceFromAttributes({}));
}

function exported(exporter: SpanExporter, ...names: readonly string[]): Promise<number> {
  return new Promise((done) => exporter.export(names.map(spanOf), ({ code }) => done(code)));
}

function namesIn(path: string): string[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => spanLineSchema.parse(JSON.parse(line)).name);
}

test('spans are added to the file of the day, and seven days are kept', async (t) => {
  const folder = temporaryFolder(t);
  const time = new HandClock(Date.parse('2025-01-31T23:00:00Z'));
  for (const day of ['2025-01-25', '2025-01-26']) writeFileSync(join(folder, `spans-${day}.jsonl`), '');
  const exporter = createSpanFile(folder, time);
  assert.equal(await exported(exporter, 'one', 'two'), 0);
  assert.equal(await exported(exporter, 'three'), 0);
  assert.deepEqual(namesIn(join(folder, 'spans-2025-01-31.jsonl')), ['one', 'two', 'three']);
  assert.equal(existsSync(join(folder, 'spans-2025-01-25.jsonl')), true);
  await time.pass(3_600_000);
  await exported(exporter, 'four');
  assert.deepEqual(namesIn(join(folder, 'spans-2025-02-01.jsonl')), ['four']);
  assert.equal(existsSync(join(folder, 'spans-2025-01-25.jsonl')), false);
  assert.equal(existsSync(join(folder, 'spans-2025-01-26.jsonl')), true);
  await exporter.shutdown();
});

test('a folder that cannot be written to is reported, and the next batch is tried again', async (t) => {
  const parent = temporaryFolder(t);
  const folder = join(parent, 'traces');
  writeFileSync(folder, 'in the way');
  const exporter = createSpanFile(folder, new HandClock(Date.parse('2025-01-31T08:00:00Z')));
  assert.equal(await exported(exporter, 'one'), 1);
  assert.equal(await exported(exporter, 'two'), 1);
  await exporter.shutdown();
});
