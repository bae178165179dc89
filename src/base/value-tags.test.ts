import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallCount, smallIntegerMin, valueTags } from '#base/value-tags.ts';

test('the ranges of tags that carry a value follow each other and fill the byte', () => {
  assert.equal(valueTags.smallInteger + smallCount, valueTags.smallString);
  assert.equal(valueTags.smallString + smallCount, valueTags.smallShape);
  assert.equal(valueTags.smallShape + smallCount, 256);
  assert.ok(smallIntegerMin <= 0 && smallIntegerMin + smallCount > 0);
});

test('no two tags share a byte, the wide spelling of strings included', () => {
  const { wide, ...tags } = valueTags;
  const bytes = [...Object.values(tags), tags.stringDefined + wide, tags.stringInline + wide];
  assert.equal(new Set(bytes).size, bytes.length);
});
