import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTextRedactor, isSecretName, textLengthMax } from './redact-text.ts';

const secret = 'S3cr3t/Pa+ss=w%rd';
const text = createTextRedactor([secret, 'postgres://desk:hunt%2Fer22@db/records', 'abc', '']);

test('a known secret is blotted out in every form in which it travels', () => {
  for (const form of [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
    'hunt%2Fer22',
    'hunt/er22',
  ]) {
    assert.equal(text(`before ${form} after`), 'before [redacted] after', form);
  }
});

test('a secret with quotes and line ends is found inside of JSON', () => {
  const key = '-----BEGIN-----\nab"c\n-----END-----';
  const redactor = createTextRedactor([key]);
  assert.equal(redactor(`{"pem":${JSON.stringify(key)}}`), '{"pem":"[redacted]"}');
});

test('values that are too short to be secrets are left alone', () => {
  assert.equal(text('abc stays'), 'abc stays');
});

test('credentials are known by their shape', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['Authorization: Bearer eyJhbGciOi.x.y', 'Authorization: [redacted]'],
    ['sent Bearer eyJhbGciOi.x.y to it', 'sent Bearer [redacted] to it'],
    [
      'GET /fapi/v1/order?symbol=BTCUSDT&signature=c8db56825ae71d',
      'GET /fapi/v1/order?symbol=BTCUSDT&signature=[redacted]',
    ],
    ['https://x.test/?api_key=abcdef&limit=5', 'https://x.test/?api_key=[redacted]&limit=5'],
    ['redis://default:pw@localhost:6379/0', 'redis://[redacted]@localhost:6379/0'],
    ['postgres://desk:p@ss@db:5432/records', 'postgres://[redacted]@db:5432/records'],
    ['{"apiKey":"abcdef","limit":5}', '{"apiKey":"[redacted]","limit":5}'],
    ['{"password":"a \\"quoted\\" one","limit":5}', '{"password":"[redacted]","limit":5}'],
    ['X-MBX-APIKEY: abcdef', 'X-MBX-APIKEY: [redacted]'],
    ['Cookie: session=abc; theme=dark', 'Cookie: [redacted]'],
    ['{\\"token\\":\\"abcdef\\"}', '{\\"token\\":\\"[redacted]\\"}'],
  ];
  for (const [given, expected] of rows) assert.equal(text(given), expected);
});

test('what is no credential stays as it is', () => {
  for (const given of [
    'buy 1000 EURUSD.OANDA at 1.10000, entry',
    'https://example.test/path?limit=5#part',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    'a turkey on the keyboard',
  ]) {
    assert.equal(text(given), given);
  }
});

test('a long text is cut, and never through a secret so that half of it stays', () => {
  for (let shift = 0; shift <= secret.length + 2; shift += 1) {
    const long = `${'x'.repeat(textLengthMax - shift)}${secret}${'y'.repeat(100)}`;
    const shown = text(long);
    assert.ok(!shown.includes(secret.slice(0, 4)), `shift ${shift}`);
    assert.match(shown, new RegExp(`… \\(${long.length} characters\\)$`));
    assert.ok(shown.length < textLengthMax + 100);
  }
});

test('a text full of beginnings of patterns is worked through in good time', () => {
  for (const piece of ['key', 'key=', '"key":"', 'a://', 'Bearer ', 'authorization', '\\"token\\"', '%-.']) {
    const shown = text(piece.repeat(Math.ceil(textLengthMax / piece.length)).slice(0, textLengthMax));
    assert.ok(shown.length > 0, piece);
  }
});

test('names of secrets are known in any spelling', () => {
  for (const name of [
    'apiKey',
    'API_KEY',
    'X-MBX-APIKEY',
    'clientSecret',
    'refresh_token',
    'dbPassword',
    'Set-Cookie',
    'AUTHORIZATION',
  ]) {
    assert.equal(isSecretName(name), true, name);
  }
  for (const name of ['instrument', 'reason', 'orderId', 'trace_id']) assert.equal(isSecretName(name), false, name);
});

test('no text whatever brings a known secret out', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string({ minLength: 8, unit: 'grapheme' }), (before, after, known) => {
      fc.pre(!'[redacted]'.includes(known.trim()));
      const shown = createTextRedactor([known])(`${before}${known}${after}`);
      assert.ok(!shown.includes(known));
    }),
  );
});
