import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deskStatus } from '#runtime/status.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { driveDesk, walkLiveAt } from '../../tests/support/driven-desk.ts';
import { exampleServer } from '../../tests/support/example-server.ts';
import { scrape } from '../../tests/support/prometheus-text.ts';
import { DeskMeters } from './desk-meters.ts';

test('what a desk did since its process began is counted beside what it shows', async (t) => {
  const folder = temporaryFolder(t);
  let meters: DeskMeters | undefined;
  const { run, events, runTo } = driveDesk(folder, { onEvent: (event) => meters?.observe(event) });
  t.after(() => run.stop());
  await run.warmUp();
  meters = new DeskMeters(run.engine);
  await runTo(walkLiveAt + 4 * 3_600_000);
  const text = await meters.text({
    status: deskStatus(run.engine, { market: 'walk', isDemonstration: true, speed: 1 }),
    health: await exampleServer.health(),
    projections: [],
    store: undefined,
    streams: undefined,
    deadLetters: undefined,
    journal: run.journal,
    jobs: { open: 3 },
    latencyMs: run.sliceMs,
  });
  const families = scrape(text);
  const sumOf = (name: string): number =>
    (families.get(name)?.samples ?? []).reduce((sum, { value }) => sum + Number(value), 0);
  const trips = events.filter(({ type }) => type === 'roundTrip.closed').length;
  assert.ok(trips > 0);
  assert.equal(sumOf('quantum_trader_trade_total'), trips);
  assert.equal(sumOf('tradewind_decisions_total'), run.engine.state.counts.decisions);
});
