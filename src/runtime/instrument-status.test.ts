import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { instrumentStatus } from './instrument-status.ts';

const euro = fxInstrument('EUR_USD').id;
const yen = fxInstrument('USD_JPY').id;

test('before its first bar an instrument has no price, no window and no gates', () => {
  const { engine } = createDeskFixture([]);
  const status = instrumentStatus(engine, euro);
  assert.equal(status.midPrice, null);
  assert.equal(status.spreadBps, null);
  assert.equal(status.coherence, null);
  assert.equal(status.marginPerUnit, null);
  assert.equal(status.isEligible, false);
  assert.deepEqual(status.reasons, ['no-gates']);
});

test('prices are decimals, the position is signed, and margin is money of the account', () => {
  const desk = createDeskFixture([]);
  desk.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const positions = [{ instrument: yen, signedQuantity: -50_000, cost: 50_000 * 150_100 }];
  desk.send({
    type: 'venue.reconciled',
    at: desk.at,
    balance: 100_000_000_000,
    positions,
    openOrderIds: [],
    differences: [],
  });
  const status = instrumentStatus(desk.engine, yen);
  assert.equal(status.symbol, 'USD_JPY');
  // The fixture's bars are bids; ten ticks of spread lie above them.
  assert.equal(status.midPrice, 150.005);
  assert.equal(status.averagePrice, 150.1);
  assert.equal(status.signedQuantity, -50_000);
  assert.equal(status.marginUsed, 1000);
  assert.equal(status.marginPerUnit, 0.02);
  assert.ok(status.unrealizedPnl > 0);
});

test('the session is that of the currencies of the instrument', () => {
  const desk = createDeskFixture([]);
  assert.equal(instrumentStatus(desk.engine, euro).session.isOpen, true);
  desk.tick(48 * 3_600_000 + 12 * 3_600_000);
  assert.deepEqual(instrumentStatus(desk.engine, euro).session, { isOpen: false, minutesToClose: 0 });
});

test('gates, weights and cooldowns are found under the symbol', () => {
  const desk = createDeskFixture([]);
  const { at } = desk;
  desk.send({
    type: 'gates.published',
    at,
    document: {
      ts: at,
      v: 1,
      seq: 1,
      intervalSeconds: 60,
      gates: { EUR_USD: 1, USD_JPY: 0 },
      cooldowns: { EUR_USD: 0, USD_JPY: 1 },
      bufs: { EUR_USD: 0.1, USD_JPY: 0.1 },
      reasons: { EUR_USD: [], USD_JPY: ['calmar', 'cooldown'] },
      sessions: {},
      repetition: {},
      hazard: {},
    },
  });
  assert.equal(instrumentStatus(desk.engine, euro).isEligible, true);
  assert.equal(instrumentStatus(desk.engine, euro).buffer, 0.1);
  const refused = instrumentStatus(desk.engine, yen);
  assert.equal(refused.isEligible, false);
  assert.equal(refused.isCoolingDown, true);
  assert.deepEqual(refused.reasons, ['calmar', 'cooldown']);
});
