import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { type LogLine, logLineSchema } from './log-line.ts';
import { createLogger, type LogFields, type Logger, type LoggerOptions } from './logger.ts';
import { runInTrace } from './trace-context.ts';

interface Scene {
  readonly log: Logger;
  readonly texts: string[];
  readonly problems: string[];
  lines(): LogLine[];
}

function scene(changes: Partial<LoggerOptions> = {}): Scene {
  const texts: string[] = [];
  const problems: string[] = [];
  const log = createLogger({
    level: 'debug',
    serviceName: 'tradewind',
    destination: { type: 'stderr' },
    secrets: [],
    time: new HandClock(Date.parse('2025-01-06T08:00:30.250Z')),
    stderr: { write: (text) => void texts.push(text) },
    onProblem: (problem) => void problems.push(problem),
    ...changes,
  });
  return { log, texts, problems, lines: () => texts.map((text) => logLineSchema.parse(JSON.parse(text))) };
}

test('a line has the fields of the seed, to the letter', () => {
  const { log, texts } = scene();
  log.info('run.started');
  assert.equal(
    texts.join(''),
    '{"level":"info","timestamp":"2025-01-06T08:00:30.250Z","service_name":"tradewind","event":"run.started",' +
      '"trace_id":null,"module":"main","metadata":{}}\n',
  );
});

test('everything that can be said is in its field', () => {
  const { log, lines } = scene();
  const fields: LogFields = {
    message: 'sent',
    function: 'send',
    line: 7,
    metadata: { orderId: 'o1' },
    trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
    error: new RangeError('too far'),
  };
  log.with('venue').error('order.rejected', fields);
  const [line] = lines();
  assert.match(line?.error?.stack ?? '', /^RangeError: too far\n/);
  assert.deepEqual(line, {
    timestamp: '2025-01-06T08:00:30.250Z',
    level: 'error',
    service_name: 'tradewind',
    event: 'order.rejected',
    trace_id: 'a'.repeat(32),
    span_id: 'b'.repeat(16),
    module: 'venue',
    function: 'send',
    line: 7,
    message: 'sent',
    metadata: { orderId: 'o1' },
    error: { type: 'RangeError', message: 'too far', stack: line?.error?.stack },
  });
});

test('the trace of the caller is named, across waits', async () => {
  const { log, lines } = scene();
  await runInTrace({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true }, async () => {
    await Promise.resolve();
    log.info('inside');
  });
  log.info('outside');
  assert.deepEqual(
    lines().map((line) => [line.trace_id, line.span_id]),
    [
      ['a'.repeat(32), 'b'.repeat(16)],
      [null, undefined],
    ],
  );
});

test('what is less severe than asked for is left out', () => {
  const { log, lines } = scene({ level: 'warn' });
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  assert.deepEqual(
    lines().map(({ level, event }) => `${level} ${event}`),
    ['warn c', 'error d'],
  );
});

test('for people a line is words', () => {
  const { log, texts } = scene({ format: 'text' });
  log.with('desk').info('order.filled', { message: 'buy 5', metadata: { price: 1 } });
  assert.deepEqual(texts, ['08:00:30.250 info  order.filled [desk] buy 5 price=1\n']);
});

test('a value with line ends stays inside of its line, in both formats', () => {
  const forged = 'x\n{"level":"error","event":"forged"}\r\u2028\u0085\u001b[2J';
  for (const format of ['json', 'text'] as const) {
    const { log, texts } = scene({ format });
    log.with(forged).info(forged, { message: forged, metadata: { [forged]: forged }, error: new Error(forged) });
    assert.equal(texts.length, 1);
    assert.doesNotMatch(texts.join('').slice(0, -1), /[\p{Cc}\u2028\u2029]/u, format);
  }
});

test('whatever is logged, nothing throws, and a line comes of it', () => {
  const { log, texts, problems } = scene();
  const trap = new Proxy({}, { ownKeys: () => assert.fail('trap') });
  const circle: Record<string, unknown> = {};
  circle['circle'] = circle;
  for (const thing of [trap, circle, { __proto__: null }, { toJSON: () => assert.fail('toJSON') }, [1n, Symbol('x')]]) {
    log.info('thing', { metadata: { thing } });
  }
  log.info('thing', { metadata: trap });
  log.error('thing', { error: Object.create(null) });
  assert.equal(texts.length, 7);
  assert.deepEqual(problems, []);
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true, withSet: true }), (thing) => {
      texts.length = 0;
      log.info('thing', { metadata: { thing }, error: thing });
      assert.equal(texts.length, 1);
      logLineSchema.parse(JSON.parse(texts[0] ?? ''));
    }),
  );
});

test('a line that cannot be made is told as a problem', () => {
  const { log, texts, problems } = scene();
  const error = new Error('x');
  Object.defineProperty(error, 'message', {
    get: () => {
      throw new TypeError('canary-7f3a91');
    },
  });
  log.error('thing', { error });
  assert.deepEqual(texts, []);
  assert.deepEqual(problems, ['a log line cannot be made: TypeError']);
});

/** Ways in which a secret may be hidden in what is logged. */
const hidings: readonly ((secret: string) => LogFields)[] = [
  (secret) => ({ message: `Bearer ${secret}` }),
  (secret) => ({ message: `GET https://x.test/order?a=1&signature=${encodeURIComponent(secret)}` }),
  (secret) => ({ metadata: { url: `postgres://desk:${encodeURIComponent(secret)}@db/x` } }),
  (secret) => ({ metadata: { apiKey: secret } }),
  (secret) => ({ metadata: { headers: { 'X-MBX-APIKEY': [secret] } } }),
  (secret) => ({ metadata: { rawHeaders: ['Authorization', secret] } }),
  (secret) => ({ metadata: { body: JSON.stringify({ password: secret }) } }),
  (secret) => ({ metadata: { [`x${secret}`]: 1 } }),
  (secret) => ({ error: new Error(`login with ${secret} failed`) }),
  (secret) => ({ error: new Error('outer', { cause: new Error(secret) }) }),
  (secret) => ({ error: Object.assign(new Error('x'), { config: { headers: { key: secret } } }) }),
  (secret) => ({ function: secret }),
  (secret) => ({ metadata: { blob: Buffer.from(secret).toString('base64') } }),
];

test('a canary comes out nowhere, however it was hidden and however deep', () => {
  const secrets = fc
    .string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' })
    .filter((text) => text.trim().length >= 8);
  const words = fc.string({ maxLength: 12 });
  const path = fc.array(fc.oneof(words, fc.constantFrom('a', 'list')), { maxLength: 7 });
  fc.assert(
    fc.property(secrets, fc.constantFrom(...hidings), path, fc.boolean(), (drawn, hide, names, isText) => {
      // A canary that stands out, so that finding it is no accident.
      const secret = `cnry${drawn}cnry`;
      const { log, texts } = scene({ secrets: [secret], format: isText ? 'text' : 'json' });
      const fields = hide(secret);
      let metadata: Record<string, unknown> = { ...fields.metadata };
      for (const name of names)
        metadata = name === 'list' ? { list: [metadata, secret] } : { [name]: metadata, b: `<${secret}>` };
      log.with(secret).info(`event ${secret}`, { ...fields, metadata });
      const shown = texts.join('');
      assert.equal(texts.length, 1);
      for (const form of [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
        Buffer.from(secret).toString('base64'),
      ]) {
        assert.ok(!shown.includes(form), shown);
      }
    }),
    { numRuns: 300 },
  );
});

test('credentials that nobody told of are known by name and shape', () => {
  const { log, texts } = scene();
  const canary = 'q9X2mB7wLr';
  log.info('request', {
    message: `Authorization: Bearer ${canary}`,
    metadata: {
      a: { b: [{ apiSecret: canary, sessionToken: canary, cookie: canary }] },
      url: `https://x.test/?symbol=A&signature=${canary}`,
      store: `redis://user:${canary}@x.test`,
    },
    error: Object.assign(new Error(`GET https://x.test/?signature=${canary}`), {
      request: { headers: { key: canary } },
    }),
  });
  assert.ok(!texts.join('').includes(canary), texts.join(''));
});
