import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordedEvents } from '#runtime/read-run.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { type Cleanup, temporaryFolder, writeWalks } from '../../tests/support/csv-bars.ts';
import { eagerSettings, openPaperDesk } from '../../tests/support/paper-desk.ts';
import { registerBacktest } from './backtest-command.ts';
import { registerWhy } from './why-command.ts';

async function keptRun(t: Cleanup): Promise<string> {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD', 'GBP_USD', 'USD_JPY'], 900);
  const run = join(folder, 'run');
  const { code, work } = await runCommand(registerBacktest, ['backtest', '--data', data, '--out', run], eagerSettings);
  assert.equal(code, 0, work);
  return run;
}

function why(...argv: readonly string[]) {
  return runCommand(registerWhy, ['why', ...argv]);
}

test('an order is explained by every module of the desk and by what was sent', async (t) => {
  const run = await keptRun(t);
  let entry: { at: number; quantity: number; side: string } | undefined;
  for (const { event } of recordedEvents(run)) {
    if (
      event.type !== 'order.submitted' ||
      event.order.instrument !== 'EURUSD.OANDA' ||
      event.order.purpose !== 'entry'
    )
      continue;
    entry = { at: event.at, quantity: event.order.quantity, side: event.order.side };
    break;
  }
  assert.ok(entry !== undefined);
  const { code, result } = await why(run, '--instrument', 'EUR_USD', '--at', String(entry.at), '--json');
  assert.equal(code, 0);
  const explanation = JSON.parse(result);
  assert.equal(explanation.decidedAt, entry.at);
  assert.equal(explanation.symbol, 'EUR_USD');
  assert.equal(explanation.outcomes[0].order.quantity, entry.quantity);
  const slots = new Set(explanation.verdicts.map(({ slot }: { slot: string }) => slot));
  for (const slot of ['universe', 'signal', 'gate', 'plan', 'allocation', 'risk', 'execution'])
    assert.ok(slots.has(slot), slot);
  const text = (await why(run, '--instrument', 'EUR_USD', '--at', String(entry.at))).result;
  assert.match(text, /^EUR_USD at 2026-01-05 \d\d:\d\d(?::30)? UTC, mid 1\.\d{5}, /);
  assert.match(text, /^slot +module +mode +call +verdict +figure +reason$/m);
  assert.match(text, /^signal +combined-direction +ACTIVE /m);
  assert.match(text, /An order was sent: (?:buy|sell) [\d,]+ \(market, entry, stop 1\.\d{5}, target 1\.\d{5}\)\./);
});

test('doing nothing is explained too', async (t) => {
  const run = await keptRun(t);
  const { code, result } = await why(run, '--instrument', 'USD_JPY', '--at', '2026-01-05T00:03');
  assert.equal(code, 0);
  assert.match(result, /USD_JPY at 2026-01-05 00:0[23].* flat after the decision/);
  assert.match(result, /^gate +freshness +ACTIVE +kept +silent$/m);
  assert.match(result, /Nothing was done\./);
});

test('a desk that is running may be asked', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  const desk = openPaperDesk(folder);
  t.after(() => desk.stop());
  await desk.warmUp();
  await new Promise<void>((done) => desk.start(done));
  const { code, result, work } = await why(folder, '--instrument', 'EUR_USD', '--at', '2026-01-05T12:00');
  assert.equal(code, 0, work);
  assert.match(result, /EUR_USD at 2026-01-05 1[12]:\d\d/);
});

test('what the run does not know is refused with what it has', async (t) => {
  const run = await keptRun(t);
  const cases: readonly [readonly string[], RegExp][] = [
    [
      [run, '--instrument', 'AUD_USD', '--at', '2026-01-05T06:00'],
      /has no instrument 'AUDUSD\.OANDA': expected one of EURUSD\.OANDA/,
    ],
    [[run, '--instrument', 'EUR_USD', '--at', '2026-01-04'], /decided nothing at or before that time/],
    [[run, '--instrument', 'EUR_USD', '--at', 'noon'], /expected a time like .*, found 'noon'/],
    [[join(run, 'nowhere'), '--instrument', 'EUR_USD', '--at', '2026-01-05'], /holds no run/],
    [[run, '--at', '2026-01-05'], /required option '--instrument/],
  ];
  for (const [argv, expected] of cases) {
    const { code, result, work } = await why(...argv);
    assert.equal(code, 2, work);
    assert.match(work, expected);
    assert.equal(result, '');
  }
});
