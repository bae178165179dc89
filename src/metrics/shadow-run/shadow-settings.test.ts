import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shadowStrategy } from '../../../tests/support/shadow-market.ts';
import { isSameSettings, shadowSettings } from './shadow-settings.ts';

test('a candidate changes some of a strategy', () => {
  const settings = shadowSettings(shadowStrategy, { directionLookback: 24 });
  assert.equal(settings.directionLookback, 24);
  assert.equal(settings.stopLossPips, shadowStrategy.stopLossPips);
});

test('how windows are signed makes no other run', () => {
  const finer = shadowSettings({ ...shadowStrategy, signaturePrecision: 4, signatureLookbackMinutes: 30 });
  assert.ok(isSameSettings(finer, shadowSettings(shadowStrategy)));
});

test('everything else does', () => {
  const settings = shadowSettings(shadowStrategy);
  assert.ok(isSameSettings(settings, structuredClone(settings)));
  for (const [name, value] of Object.entries(settings)) {
    const other = typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : 'other';
    assert.equal(isSameSettings(settings, { ...settings, [name]: other }), false, name);
  }
});
