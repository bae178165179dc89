import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { exampleStatus } from '../../tests/support/example-status.ts';
import { createOutput } from './output.ts';
import { createRunReporter } from './run-reporter.ts';

const euro = fxInstrument('EUR_USD').id;

function scene(isJson: boolean) {
  const result = new PassThrough();
  const work = new PassThrough();
  const { engine, at } = createDeskFixture([]);
  const textOf = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? '';
  const reporter = createRunReporter(createOutput({ result, work }), isJson);
  return { reporter, engine, at, result: () => textOf(result), work: () => textOf(work) };
}

const fill = (at: number): Event => ({
  type: 'order.filled',
  at,
  clientOrderId: 'a',
  venueOrderId: 'b',
  fillId: 'c',
  instrument: euro,
  side: 'buy',
  quantity: 12_345,
  price: 110_050,
  fee: 0,
  realizedPnl: 0,
  spreadCost: 0,
  balance: 0,
  venueAt: at,
  isPessimistic: false,
});

test('a fill is one line with its price in decimals', () => {
  const { reporter, engine, at, result } = scene(false);
  reporter.event(fill(at), engine);
  assert.equal(result(), '2026-01-14 11:59:30  EUR_USD  bought 12,345 at 1.10050  (order)\n');
});

test('a round trip tells its result after fees and financing', () => {
  const { reporter, engine, at, result } = scene(false);
  const trip: Event = {
    type: 'roundTrip.closed',
    at,
    instrument: euro,
    direction: 'long',
    openedAt: at - 42 * 60_000,
    quantity: 1,
    entryPrice: 1,
    exitPrice: 1,
    realizedPnl: 20_000_000,
    fees: 1_000_000,
    financing: -500_000,
    spreadCost: 0,
    maximumAdverse: 0,
    maximumFavorable: 0,
    reason: 'stopLoss',
  };
  reporter.event(trip, engine);
  assert.match(result(), /EUR_USD {2}long round trip \+18\.50 in 42 min {2}\(stopLoss\)/);
});

test('market data is not told', () => {
  const { reporter, engine, at, result, work } = scene(false);
  reporter.event({ type: 'time.ticked', at }, engine);
  assert.equal(result() + work(), '');
});

test('a heartbeat tells equity, positions, margin and decisions, and the switch when it is engaged', () => {
  const { reporter, result } = scene(false);
  const status = exampleStatus();
  reporter.heartbeat(status);
  assert.equal(
    result(),
    '2026-01-13 08:00:00  equity 100,001.00 (today +1.00), holds EUR_USD, margin 2.00%, 8 decisions\n',
  );
  reporter.heartbeat({ ...status, kill: { ...status.kill, isEngaged: true }, isMarketOpen: false });
  assert.match(result(), /kill switch engaged, market closed/);
});

test('for programs every line is one object that names itself', () => {
  const { reporter, engine, at, result } = scene(true);
  reporter.opened('f', { isNew: true, recoveredEvents: 0, notices: ['mended'] }, engine);
  reporter.warmingUp(1, 2);
  reporter.warm(engine);
  reporter.listening('http://127.0.0.1:1');
  reporter.event(fill(at), engine);
  reporter.heartbeat(exampleStatus());
  reporter.stopping('SIGTERM');
  reporter.stopped('f', exampleStatus(), undefined);
  const types = result()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type);
  assert.deepEqual(types, [
    'notice',
    'opened',
    'warm',
    'listening',
    'order.filled',
    'heartbeat',
    'stopping',
    'stopped',
  ]);
});

test('the end says where the journal is, or what went wrong', () => {
  const { reporter, result, work } = scene(false);
  reporter.stopped('the/folder', exampleStatus(), undefined);
  assert.match(result(), /the journal is in 'the\/folder', and the next start goes on from there/);
  reporter.stopped('the/folder', exampleStatus(), 'the disk is full');
  assert.match(work(), /the run has failed: the disk is full/);
});
