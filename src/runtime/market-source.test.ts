import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultCosts } from '#domain/default-costs.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { MarketEvent } from '#engine/ports.ts';
import { dataSource, historyDays, syntheticLiveAt, syntheticSource } from './market-source.ts';
import type { MarketSource } from './paper-run.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const instruments = ['EUR_USD', 'USD_JPY'].map((symbol) => fxInstrument(symbol));
const synthetic = (seed: number): MarketSource => syntheticSource({ seed, instruments, costs: defaultCosts });

function take(source: MarketSource, count: number): (MarketEvent | undefined)[] {
  return Array.from({ length: count }, () => source.feed.next());
}

test('a synthetic market has 35 days of history before a Tuesday morning', () => {
  const { startAt, liveAt, untilAt, listed } = synthetic(7);
  assert.equal(new Date(liveAt).toISOString(), '2026-01-13T07:30:00.000Z');
  assert.equal(liveAt - startAt, historyDays * dayMs);
  assert.ok(untilAt - liveAt >= 365 * dayMs);
  assert.deepEqual(
    listed.map(({ instrument }) => instrument.symbol),
    ['EUR_USD', 'USD_JPY'],
  );
});

test('the same seed makes the same market and the same hash, another seed another', () => {
  assert.deepEqual(take(synthetic(7), 400), take(synthetic(7), 400));
  assert.notDeepEqual(take(synthetic(7), 4), take(synthetic(8), 4));
  assert.equal(synthetic(7).dataHash, synthetic(7).dataHash);
  assert.notEqual(synthetic(7).dataHash, synthetic(8).dataHash);
});

test('skipping drops exactly what had been taken, so that nothing is told twice or never', () => {
  const whole = synthetic(7);
  const first = take(whole, 200);
  // Both bars of a minute bear the same time; the cut stands behind the second.
  const untilAt = first[199]?.at ?? 0;
  const resumed = synthetic(7);
  resumed.feed.skipTo(untilAt);
  assert.deepEqual(take(resumed, 50), take(whole, 50));
});

test('skipping to the live moment leaves the first bar after it', () => {
  const { feed, liveAt } = synthetic(7);
  feed.skipTo(liveAt);
  assert.equal(liveAt, syntheticLiveAt);
  assert.equal(feed.peekAt(), liveAt + minuteMs);
});

/** A folder with one pair of so many days, a bar an hour. */
function withFolder(days: number, use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'market-source-'));
  const startAt = Date.UTC(2025, 0, 6);
  const rows = Array.from({ length: days * 24 }, (_, hour) => {
    const at = new Date(startAt + hour * 60 * minuteMs).toISOString();
    return `${at},1.10000,1.10010,1.09990,1.10005,10`;
  });
  writeFileSync(join(folder, 'EUR_USD_M1.csv'), ['time,open,high,low,close,volume', ...rows, ''].join('\n'));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('recorded data goes live after its first 35 days and ends with its last bar', () => {
  withFolder(40, (folder) => {
    const { source, instruments: found, warnings } = dataSource(folder, instruments);
    assert.equal(source.startAt, Date.UTC(2025, 0, 6));
    assert.equal(source.liveAt, Date.UTC(2025, 0, 6) + 35 * dayMs);
    assert.equal(source.untilAt, Date.UTC(2025, 0, 6) + 40 * dayMs - 59 * minuteMs);
    assert.deepEqual(
      found.map(({ symbol }) => symbol),
      ['EUR_USD'],
    );
    assert.match(warnings.join('\n'), /USD_JPY/);
    assert.match(source.name, /^data:market-source-/);
  });
});

test('data that the history would use up is refused with its length', () => {
  withFolder(35, (folder) => {
    assert.throws(
      () => dataSource(folder, instruments),
      /holds 35\.0 days of bars: expected more than the 35 of the history/,
    );
  });
});
