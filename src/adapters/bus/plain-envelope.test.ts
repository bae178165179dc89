import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseEnvelope } from '#domain/bus/envelope.ts';
import { envelopeOf } from '../../../tests/support/bus-scene.ts';
import { isPlainEnvelope } from './plain-envelope.ts';

const good = { ...envelopeOf(1, 'order.filled', 'EUR_USD') };

test('an envelope is known without the schema', () => {
  assert.ok(isPlainEnvelope(good));
  assert.ok(isPlainEnvelope(envelopeOf(2)));
  assert.ok(isPlainEnvelope(JSON.parse(JSON.stringify(good))));
  for (const other of [null, undefined, 'text', 7, [], [good], {}, new Date()]) assert.ok(!isPlainEnvelope(other));
});

const odd = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 'x', 0, -1, 1.5, Number.NaN, 2 ** 60, [], {}, good.id, good.trace_id),
  fc.string(),
  fc.anything(),
);

test('nothing passes that the schema refuses', () => {
  const fields = fc.constantFrom(...Object.keys(good), 'extra', '__proto__', 'constructor');
  fc.assert(
    fc.property(fields, odd, fc.boolean(), (name, value, isRemoved) => {
      const changed: Record<string, unknown> = { ...good };
      if (isRemoved) delete changed[name];
      else Object.defineProperty(changed, name, { value, enumerable: true, configurable: true, writable: true });
      if (isPlainEnvelope(changed)) assert.ok('envelope' in parseEnvelope(changed), `${name}: ${String(value)}`);
    }),
    { numRuns: 2_000 },
  );
});
