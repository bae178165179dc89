import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formattedFigure } from './formatted-figure.ts';

test('a figure for the eye is read to the digit', () => {
  assert.equal(formattedFigure('$1,234,567,890'), 1_234_567_890);
  assert.equal(formattedFigure('$12.5'), 12.5);
  assert.equal(formattedFigure('48213'), 48_213);
  assert.equal(formattedFigure(7.25), 7.25);
});

test('anything else is no figure', () => {
  const others = [
    '',
    '$',
    '$1,23',
    '1e9',
    '-5',
    '€5',
    '$0.0<sub title="0.00001">4</sub>1',
    ' 5',
    '0x10',
    '9'.repeat(61),
  ];
  for (const text of others) assert.equal(formattedFigure(text), null, text);
  for (const value of [null, undefined, Number.NaN, Infinity, -1]) assert.equal(formattedFigure(value), null);
});
