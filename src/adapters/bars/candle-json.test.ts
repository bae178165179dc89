import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { candleJsonBytesMax, parseCandleJson, readCandle } from './candle-json.ts';
import { ImportError } from './import-error.ts';
import { skippedRows } from './import-report.ts';

const at = 1_704_067_200_000;
const expected = { openAt: at, open: 1.1, high: 1.3, low: 1, close: 1.2, volume: 7 };

function parse(text: string, parity = false) {
  return parseCandleJson(new TextEncoder().encode(text), 'x.json', { parity });
}

test('every spelling of a candle reads as the same candle', () => {
  const prices = { o: 1.1, h: 1.3, l: 1, c: 1.2 };
  const shapes: unknown[] = [
    { t: at, ...prices, v: 7 },
    { timestamp: at, open: 1.1, high: 1.3, low: 1, close: 1.2, volume: 7 },
    { time: '2024-01-01T00:00:00.000000000Z', open: '1.1', high: '1.3', low: '1.0', close: '1.2', volume: '7' },
    { t: String(at), ...prices, vol: 7 },
    { t: null, time: '2024-01-01 02:00:00+0200', ...prices, v: 7 },
    { t: at + 0.9, mid: prices, v: 7, complete: true },
    { t: at, bid: { o: '1.1', h: '1.3', l: '1', c: '1.2' }, ask: { o: 9, h: 9, l: 9, c: 9 }, volume: 7 },
    { t: at, ask: { open: 1.1, high: 1.3, low: 1, close: 1.2, volume: 7 } },
    { t: at, o: 5, mid: prices, v: 7 },
  ];
  for (const shape of shapes) assert.deepEqual(readCandle(shape), expected, JSON.stringify(shape));
});

test('each bad candle is skipped under its own reason', () => {
  const whole = { t: at, o: 1.1, h: 1.3, l: 1, c: 1.2, v: 7 };
  assert.equal(readCandle({ ...whole, complete: false }), 'incomplete');
  for (const entry of [
    null,
    7,
    'x',
    [],
    {},
    { ...whole, c: undefined },
    { ...whole, o: 'NaN', open: 1.1 },
    { ...whole, t: 'soon' },
    { ...whole, t: -1 },
  ]) {
    assert.equal(readCandle(entry), 'malformed', JSON.stringify(entry));
  }
  for (const entry of [
    { ...whole, v: 'many' },
    { ...whole, t: 1e300 },
    { ...whole, t: true },
    { ...whole, h: {} },
  ])
    assert.equal(readCandle(entry), 'malformed');
  assert.equal(readCandle({ ...whole, t: at / 1000 }), 'timeNotMilliseconds');
  assert.equal(readCandle({ ...whole, l: 0 }), 'nonPositivePrice');
  assert.equal(readCandle({ ...whole, h: 0.9 }), 'ohlcViolation');
  assert.equal(readCandle({ ...whole, c: 1.4 }), 'ohlcViolation');
  assert.equal(readCandle({ ...whole, v: -1 }), 'negativeVolume');
});

test('an array, an object of candles, one candle and one candle a line read alike', () => {
  const candle = JSON.stringify({ t: at, o: 1.1, h: 1.3, l: 1, c: 1.2, v: 7 });
  const later = JSON.stringify({ t: at + 60_000, o: 1.1, h: 1.3, l: 1, c: 1.2, v: 7 });
  for (const text of [candle, `[${candle}]`, `{"instrument":"EUR_USD","candles":[${candle}]}`, `\uFEFF ${candle}\n`]) {
    assert.deepEqual(parse(text).candles, [expected], text);
  }
  const both = [expected, { ...expected, openAt: at + 60_000 }];
  for (const text of [`[${candle},${later}]`, `${candle}\n${later}`, `${later}\r\n\r\n${candle}\r\n`])
    assert.deepEqual(parse(text).candles, both, text);
});

test('a bad line among lines is counted and the others stay', () => {
  const line = (minute: number) => JSON.stringify({ t: at + minute * 60_000, o: 1, h: 1, l: 1, c: 1 });
  const { candles, report } = parse(`${line(0)}\n{"t":1704\n${line(1)}\n[]\n`);
  assert.equal(candles.length, 2);
  assert.deepEqual([report.rowsRead, report.rowsKept, report.skipped.malformed], [4, 2, 2]);
});

test('candles are sorted and of equal times the last complete one is kept', () => {
  const candle = (minute: number, price: number, complete = true) => ({
    t: at + minute * 60_000,
    o: price,
    h: price,
    l: price,
    c: price,
    complete,
  });
  const { candles, report } = parse(JSON.stringify([candle(2, 1), candle(1, 2), candle(1, 3), candle(1, 4, false)]));
  assert.deepEqual(
    candles.map(({ openAt, open }) => [(openAt - at) / 60_000, open]),
    [
      [1, 3],
      [2, 1],
    ],
  );
  assert.deepEqual(
    [report.unordered, report.skipped.duplicate, report.skipped.incomplete, report.rowsKept],
    [2, 1, 1, 2],
  );
});

test('a broken or foreign text is refused by name', () => {
  const broken = [
    '[{"t":1',
    '{"candles":[\n{"t":1704067200000,"o":1,"h":1,"l":1,"c":1}',
    '7',
    '"text"',
    'null',
    'time,open\n1,2',
    '{bad}\n{"t":1}',
  ];
  for (const text of broken) {
    assert.throws(
      () => parse(text),
      (error) => error instanceof ImportError && error.code === 'syntax' && error.message.includes('x.json'),
      text,
    );
  }
  assert.throws(
    () => parse(' \n'),
    (error) => error instanceof ImportError && error.code === 'empty',
  );
});

const entries = fc.array(
  fc.record(
    { t: fc.jsonValue(), timestamp: fc.jsonValue(), o: fc.jsonValue(), mid: fc.jsonValue() },
    { requiredKeys: [] },
  ),
);
const texts = fc.oneof(
  fc.json(),
  fc.string(),
  entries.map((value) => JSON.stringify(value)),
);

test('any JSON value gives candles or a typed refusal, in both modes', () => {
  fc.assert(
    fc.property(texts, fc.boolean(), (text, parity) => {
      try {
        const { candles, report } = parse(text, parity);
        assert.equal(report.rowsKept, candles.length);
        assert.equal(report.rowsKept + skippedRows(report), report.rowsRead);
      } catch (error) {
        if (!(error instanceof ImportError) || parity) throw error;
      }
    }),
  );
});

test('a text beyond the cap is refused in both modes', () => {
  const bytes = new Uint8Array(candleJsonBytesMax + 1);
  for (const parity of [false, true]) {
    assert.throws(
      () => parseCandleJson(bytes, 'x.json', { parity }),
      (error) => error instanceof ImportError && error.code === 'tooLarge',
    );
  }
});

test('changed bytes of a document give candles or a typed refusal', () => {
  const document = new TextEncoder().encode(
    JSON.stringify(
      Array.from({ length: 10 }, (_, row) => ({ t: at + row * 60_000, o: '1.1', h: 1.2, l: 1, c: 1.1, v: row })),
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1000), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
      const bytes = Uint8Array.from(document);
      for (const [place, byte] of changes) bytes[place % bytes.length] = byte;
      try {
        const { candles } = parseCandleJson(bytes, 'fuzz', { parity: false });
        for (const candle of candles)
          assert.ok(Object.values(candle).every(Number.isFinite) && candle.low > 0 && candle.high >= candle.low);
      } catch (error) {
        if (!(error instanceof ImportError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});
