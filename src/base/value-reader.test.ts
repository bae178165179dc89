import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder } from '#base/value-codec.ts';
import { readValue, ValueDecodeError } from '#base/value-reader.ts';

function read(hex: string): unknown {
  const decoder = createDecoder();
  decoder.bytes = Buffer.from(hex, 'hex');
  return readValue(decoder, 0);
}

test('hand-written bytes are read', () => {
  assert.deepEqual(read('0503' + '50' + '0a0161' + '0701' + '80' + '02'), [0, 'a', { a: true }]);
});

const damaged: readonly (readonly [string, string, RegExp])[] = [
  ['no byte at all', '', /end inside a value/],
  ['a tag without meaning', '3f', /unknown tag 63/],
  ['a string that was never defined', '80', /string 0 of a dictionary of 0/],
  ['a shape that was never defined', 'c1', /object shape 1 of a dictionary of 0/],
  ['an array longer than the bytes', '05ffffffff0f', /expected at most 0 items, found a count of 4294967295/],
  ['an object with more keys than bytes', '07ffffff7f', /expected at most 0 items/],
  ['a string longer than the bytes', '0cffffffff0f41', /end inside a string/],
  ['an integer above the safe ones', '04ffffffffffffff7f', /above 2\^53/],
  ['an integer that does not end', '0480808080808080808000', /does not end/],
  ['a key that is not a string', '070150', /unknown tag 80/],
  ['nesting beyond the limit', `${'0501'.repeat(65)}50`, /nested deeper than 64/],
  ['a float cut short', '0300000000', /end inside a value/],
];

for (const [name, hex, message] of damaged) {
  test(`${name} is refused`, () => {
    assert.throws(
      () => read(hex),
      (error) => error instanceof ValueDecodeError && message.test(error.message),
    );
  });
}

test('a dictionary of strings has an end', () => {
  assert.throws(() => read(`05f1ff04${'0a00'.repeat(80_000)}`), /more strings than a dictionary holds/);
});

test('a dictionary of object shapes has an end', () => {
  assert.throws(() => read(`05c03e${'0700'.repeat(8_000)}`), /more object shapes than a dictionary holds/);
});
