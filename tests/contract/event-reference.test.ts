import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { busCatalogue, inwardReasonOf, payloadProblem } from '#domain/bus/bus-catalogue.ts';
import type { BusEvent } from '#domain/bus/bus-event.ts';
import { type Envelope, parseEnvelope } from '#domain/bus/envelope.ts';
import { renderEventReference } from '#domain/bus/event-text.ts';
import { type Event, type EventByType, eventSchemas, isEventType } from '#domain/events.ts';
import { type VenueDesk, venueDesk } from '../scenario/venue-desk.ts';
import { busEnvelopes } from '../support/bus-fold.ts';
import { euro, targetOf } from '../support/desk-events.ts';
import { createDeskFixture } from '../support/desk-fixture.ts';
import { livelyRun } from '../support/lively-events.ts';
import { slotModule } from '../support/slot-module.ts';

const page = join(import.meta.dirname, '../../docs/reference/events.md');

test('the event reference is what the event table and the catalogue say', () => {
  assert.equal(readFileSync(page, 'utf8'), renderEventReference());
});

/** What a process tells of itself has no journal to be read from. */
const toldByRuntime = ['health.status', 'service.heartbeat', 'system.redis_recovered'];

/** What the bus tells of a desk on a random walk, with all its modules. */
const livelyTypes = [
  'market.tick',
  'signal.generated',
  'signal.rejected',
  'trade.execution_requested',
  'trade.executed',
  'trade.opened',
  'trade.updated',
  'trade.closed',
  'risk.alert',
  'risk.limit_breached',
  'policy.updated',
];

/** What it takes an operator, or an unwilling venue, to bring about. */
const troubledTypes = [
  'trade.failed',
  'emergency.stop',
  'emergency.recovered',
  'policy.rolled_back',
  'system.mode_changed',
];

const rows: readonly [string, BusEvent][] = Object.entries(busCatalogue);
const lively = busEnvelopes(livelyRun().events);
const troubled = busEnvelopes(troubledEvents());

test('every event of the catalogue that exists is told of a real journal, or by a process of itself', () => {
  const existing = rows.filter(([, { plannedIn }]) => plannedIn === null).map(([name]) => name);
  assert.deepEqual([...livelyTypes, ...troubledTypes, ...toldByRuntime].sort(), existing.sort());
  for (const type of livelyTypes) assert.ok(isTold(lively, type), type);
  for (const type of troubledTypes) assert.ok(isTold(troubled, type), type);
});

test('an alias goes wherever its event goes', () => {
  for (const [name, { aliases }] of rows) {
    for (const alias of aliases) {
      assert.equal(count(lively, alias), count(lively, name), alias);
      assert.equal(count(troubled, alias), count(troubled, name), alias);
    }
  }
});

test('what is planned is not told', () => {
  for (const [name] of rows.filter(([, { plannedIn }]) => plannedIn !== null)) {
    assert.ok(!isTold(lively, name) && !isTold(troubled, name), name);
  }
});

test('everything told passes as an envelope, and its payload keeps to the schema of its type', () => {
  for (const envelope of [...lively, ...troubled]) {
    assert.ok('envelope' in parseEnvelope(envelope), envelope.type);
    assert.equal(payloadProblem(envelope), undefined);
  }
});

test('every event of the house is told under its own name, or stays inside for a reason', () => {
  const types = Object.keys(eventSchemas).filter(isEventType);
  const warm = ['run.started', 'warmup.completed'] as const;
  const told = busEnvelopes([...warm, ...types].map((type) => leastOf(eventSchemas[type]) as Event));
  for (const type of types) assert.equal(isTold(told, type), inwardReasonOf(type) === undefined, type);
});

/** A value of the form that a schema asks for, the plainest there is; patterns of text are not kept to. */
function leastOf(schema: z.ZodType): unknown {
  return leastValue(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function leastValue(shape: z.core.JSONSchema._JSONSchema): unknown {
  if (typeof shape === 'boolean') return null;
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  if (shape.anyOf?.[0] !== undefined) return leastValue(shape.anyOf[0]);
  if (shape.type === 'string') return 'text';
  if (shape.type === 'array') return [];
  if (shape.type === 'boolean') return false;
  if (shape.type !== 'object') return Math.max(1, shape.minimum ?? 1);
  const { required = [], properties = {} } = shape;
  return Object.fromEntries(required.map((name) => [name, leastValue(properties[name] ?? true)]));
}

function isTold(envelopes: readonly Envelope[], type: string): boolean {
  return count(envelopes, type) > 0;
}

function count(envelopes: readonly Envelope[], type: string): number {
  return envelopes.filter((envelope) => envelope.type === type).length;
}

/** A journal in which an entry expires, the switch is thrown and released, and policies go forth and back. */
function troubledEvents(): readonly Event[] {
  const wanting = slotModule('allocation', 'wanting', () => [targetOf(euro, 10_000)]);
  const { setUpEvents } = createDeskFixture([wanting]);
  const desk = venueDesk([wanting]);
  desk.minute(110_000);
  // The entry waits at the bid, and the market leaves it behind until it expires.
  for (let minute = 1; minute <= 4; minute += 1) desk.minute(110_000 + minute * 50);
  desk.ask((at) => ({ type: 'kill.engaged', at, actor: 'operator', reason: 'news' }));
  desk.ask((at) => ({ type: 'kill.released', at, actor: 'operator', reason: 'checked' }));
  for (const modeCap of ['SHADOW', 'ACTIVE']) desk.ask((at) => capChange(desk, at, modeCap));
  desk.minute(110_300);
  return [...setUpEvents, ...desk.events];
}

function capChange({ view }: VenueDesk, at: number, modeCap: string): EventByType['policy.changed'] {
  const held = view.policies['desk/fx'];
  assert.ok(held !== undefined);
  return {
    type: 'policy.changed',
    at,
    key: 'desk/fx',
    version: held.version + 1,
    schemaVersion: 1,
    document: { ...held.document, modeCap },
    actor: 'operator',
    reason: 'a test',
  };
}
