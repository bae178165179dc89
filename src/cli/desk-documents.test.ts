import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '#engine/engine.ts';
import { modules } from '#modules/index.ts';
import { deskStatus } from '#runtime/status.ts';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { deskDocuments } from './desk-documents.ts';

const frame = { market: 'walk', isDemonstration: false, speed: 0 };

test('a status becomes four documents, each with the run and its time', () => {
  const { engine, at } = createDeskFixture(modules);
  const documents = deskDocuments(deskStatus(engine, frame));
  assert.ok(typeof documents !== 'string', String(documents));
  assert.deepEqual(Object.keys(documents), ['account', 'open_trades', 'allocation', 'gates']);
  for (const document of Object.values(documents)) {
    assert.equal(Reflect.get(document, 'run_id'), 'fixture');
    assert.ok(Math.abs(Reflect.get(document, 'ts_ms') - at) <= 60_000);
  }
  assert.equal(Reflect.get(documents.account, 'balance'), 100_000);
  assert.deepEqual(Reflect.get(documents.open_trades, 'trades'), []);
  assert.deepEqual(Object.keys(Reflect.get(documents.gates, 'gates')), ['EUR_USD', 'USD_JPY']);
});

test('a desk that has not begun has documents too', () => {
  const documents = deskDocuments(deskStatus(createEngine(modules), frame));
  assert.ok(typeof documents !== 'string');
  assert.deepEqual(Reflect.get(documents.allocation, 'weights'), {});
});

test('open trades are the positions that are not flat', () => {
  const { engine } = createDeskFixture(modules);
  const status = deskStatus(engine, frame);
  const instruments = status.instruments.map((instrument, place) => ({
    ...instrument,
    signedQuantity: place === 1 ? -500 : 0,
    averagePrice: 1.1,
  }));
  const documents = deskDocuments({ ...status, instruments });
  assert.ok(typeof documents !== 'string');
  assert.deepEqual(Reflect.get(documents.open_trades, 'trades'), [
    { instrument: 'USD_JPY', signedQuantity: -500, averagePrice: 1.1, midPrice: null },
  ]);
});

test('what is no status is told with the field', () => {
  assert.match(String(deskDocuments({ desk: 'fx' })), /field 'kind'/);
  assert.match(String(deskDocuments(undefined)), /the status is not as expected/);
});
