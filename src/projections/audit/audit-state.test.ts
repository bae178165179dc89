import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { createAuditState, learnDecimals, moneyText, priceText } from './audit-state.ts';

const at = 1_736_150_430_000;

test('prices and money are read with the decimals that the journal tells', () => {
  const state = createAuditState();
  assert.equal(priceText(state, 'EURUSD.OANDA', 110_000), '110000');
  learnDecimals(state, {
    type: 'instrument.listed',
    at,
    instrument: fxInstrument('EUR_USD'),
    hasVolume: true,
    priceBasis: 'bid',
  });
  assert.equal(priceText(state, 'EURUSD.OANDA', 110_000), '1.10000');
  const policy = { version: 1, schemaVersion: 1, actor: 'run', reason: '' };
  learnDecimals(state, { type: 'policy.changed', at, key: 'limits/fx', document: { moneyDecimals: 2 }, ...policy });
  assert.equal(moneyText(state, -1_500_000), '-1500000');
  learnDecimals(state, { type: 'policy.changed', at, key: 'desk/fx', document: { moneyDecimals: 6 }, ...policy });
  assert.equal(moneyText(state, -1_500_000), '-1.500000');
  assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
});
