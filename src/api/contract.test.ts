import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { z } from 'zod';
import type { DeskStatus } from '#runtime/status.ts';
import { type deskStatusSchema, killRequestSchema } from './contract.ts';

type Published = z.infer<typeof deskStatusSchema>;

// These lines do not compile when the published shape and the desk's own drift apart.
const published = (status: DeskStatus): Readonly<Record<keyof Published, unknown>> => status;
const shown = (status: Published): DeskStatus => status;

test('what is published is what the desk shows of itself, field by field', () => {
  assert.equal(typeof published, 'function');
  assert.equal(typeof shown, 'function');
});

test('both names of the switch are understood', () => {
  assert.equal(killRequestSchema.parse({ enabled: true }).isEngaging, true);
  assert.equal(killRequestSchema.parse({ kill_switch: true }).isEngaging, true);
  assert.equal(killRequestSchema.parse({ enabled: false }).isEngaging, false);
  assert.equal(killRequestSchema.parse({ kill_switch: false, enabled: false }).isEngaging, false);
});

test('a body that says nothing of the switch, or two things, is refused', () => {
  for (const body of [
    {},
    { reason: 'x' },
    { enabled: 'false' },
    { enabled: 0 },
    { enabled: true, kill_switch: false },
    null,
    undefined,
    [],
    'true',
  ]) {
    assert.equal(killRequestSchema.safeParse(body).success, false, JSON.stringify(body));
  }
});

test('a reason is trimmed and cut, and unknown fields are left out', () => {
  const parsed = killRequestSchema.parse({ enabled: true, reason: `  ${'x'.repeat(600)}`, other: 1 });
  assert.deepEqual(parsed, {
    isEngaging: true,
    reason: 'x'.repeat(500),
    isFlattening: false,
    isConfirmed: false,
  });
});
