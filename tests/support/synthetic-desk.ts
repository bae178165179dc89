import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { defaultCosts } from '#domain/default-costs.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import { syntheticSource } from '#runtime/market-source.ts';
import { type PaperOptions, PaperRun } from '#runtime/paper-run.ts';

const symbols = ['EUR_USD', 'GBP_USD', 'USD_JPY'];
const hourMs = 3_600_000;

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'synthetic-desk-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A small desk on a synthetic market, with two hours of history before it goes live. */
export function openSyntheticDesk(folder: string, options: Partial<PaperOptions> = {}): PaperRun {
  const values = configurationFrom({ HOTBAND_PAIRS: symbols.join(',') });
  const instruments = symbols.map((symbol) => fxInstrument(symbol));
  const market = syntheticSource({ seed: 7, instruments, costs: defaultCosts });
  return PaperRun.open({
    folder,
    desk: 'fx',
    market: { ...market, liveAt: market.startAt + 2 * hourMs },
    policies: policyDocuments(values, 'fx'),
    seed: 7,
    startBalance: 100_000,
    speed: 300,
    ...options,
  });
}
