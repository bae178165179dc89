import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSchemas } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { createEngine } from '#engine/engine.ts';
import { step } from '#engine/step.ts';
import { modules } from '#modules/index.ts';
import { forexCalendar } from '../../tests/support/forex-calendar.ts';
import { codeVersion } from './code-version.ts';
import { configurationFrom, policyDocuments } from './desk-setup.ts';
import { addedPolicies, configHashOf, type RunSetup, runIdOf, startEvents } from './start-events.ts';

const at = Date.UTC(2026, 0, 14, 12);
const calendar = forexCalendar(at - 14 * 86_400_000, at + 14 * 86_400_000);

function setupOf(changes: Partial<RunSetup> = {}): RunSetup {
  return {
    kind: 'paper',
    desk: 'fx',
    at,
    seed: 7,
    startBalance: 10_000.25,
    moneyDecimals: 6,
    recordsFacts: true,
    dataHash: 'data',
    instruments: ['USD_JPY', 'EUR_USD'].map((symbol) => ({
      instrument: fxInstrument(symbol),
      hasVolume: true,
      priceBasis: 'bid',
    })),
    policies: [
      { key: 'limits/fx', document: { a: 1 } },
      { key: 'desk/fx', document: { b: 2 } },
    ],
    calendar,
    releasesKill: true,
    ...changes,
  };
}

test('a run begins with its name, the calendar, the instruments, the policies and the switch, in this order', () => {
  const events = startEvents(setupOf());
  assert.deepEqual(
    events.map((event) => {
      if (event.type === 'instrument.listed') return `${event.type} ${event.instrument.symbol}`;
      return event.type === 'policy.changed' ? `${event.type} ${event.key}` : event.type;
    }),
    [
      'run.started',
      'calendar.loaded',
      'instrument.listed EUR_USD',
      'instrument.listed USD_JPY',
      'policy.changed limits/fx',
      'policy.changed desk/fx',
      'kill.released',
    ],
  );
  assert.ok(events.every((event) => event.at === at));
  for (const event of events) assert.deepEqual(eventSchemas[event.type].parse(event), event);
});

test('the first event says what the run is made of', () => {
  const setup = setupOf();
  assert.deepEqual(startEvents(setup)[0], {
    type: 'run.started',
    at,
    runId: runIdOf(setup),
    kind: 'paper',
    desk: 'fx',
    seed: 7,
    startBalance: 10_000_250_000,
    recordsFacts: true,
    configHash: configHashOf(setup),
    dataHash: 'data',
    codeVersion: codeVersion(),
  });
});

test('a live run leaves the kill switch as it is', () => {
  assert.equal(startEvents(setupOf({ kind: 'live', releasesKill: false })).at(-1)?.type, 'policy.changed');
});

test('the identity of a run changes with everything that could change what it decides', () => {
  const setup = setupOf();
  const { instruments } = setup;
  const changed: [string, Partial<RunSetup>][] = [
    ['kind', { kind: 'backtest' }],
    ['desk', { desk: 'crypto' }],
    ['start', { at: at + 1 }],
    ['seed', { seed: 8 }],
    ['balance', { startBalance: 10_000 }],
    ['data', { dataHash: 'other' }],
    ['policies', { policies: [{ key: 'limits/fx', document: { a: 2 } }] }],
    ['instruments', { instruments: instruments.slice(1) }],
    ['volume', { instruments: instruments.map((listed) => ({ ...listed, hasVolume: false })) }],
    ['calendar', { calendar: { ...calendar, version: 'other' } }],
  ];
  const ids = new Set([runIdOf(setup)]);
  assert.equal(runIdOf(setupOf()), runIdOf(setup));
  for (const [what, change] of changed) {
    const id = runIdOf(setupOf(change));
    assert.match(id, /^[0-9a-f]{16}$/);
    assert.equal(ids.has(id), false, what);
    ids.add(id);
  }
});

test("the configuration's hash knows policies, calendar and instruments, and neither seed nor balance", () => {
  const hash = configHashOf(setupOf());
  assert.equal(configHashOf(setupOf({ seed: 9, startBalance: 1, dataHash: 'x' })), hash);
  assert.notEqual(configHashOf(setupOf({ policies: [] })), hash);
  assert.notEqual(configHashOf(setupOf({ instruments: [] })), hash);
});

test('only domains that a run does not hold are added, as their first version', () => {
  const added = addedPolicies(setupOf().policies, { 'limits/fx': {} }, at + 5);
  assert.deepEqual(added, [
    {
      type: 'policy.changed',
      at: at + 5,
      key: 'desk/fx',
      version: 1,
      schemaVersion: 1,
      document: { b: 2 },
      actor: 'configuration',
      reason: 'a domain that the run did not have',
    },
  ]);
  assert.deepEqual(addedPolicies([], {}, at), []);
});

test('the first policies of a plain environment are taken by the engine, every one, and the desk acts', () => {
  const setup = setupOf({ policies: policyDocuments(configurationFrom({}), 'fx') });
  const engine = createEngine(modules);
  const refused = startEvents(setup)
    .flatMap((event) => step(engine, event))
    .filter(({ type }) => type === 'policy.refused');
  assert.deepEqual(refused, []);
  assert.ok(engine.policies !== undefined);
  assert.equal(engine.state.kill.isEngaged, false);
});
