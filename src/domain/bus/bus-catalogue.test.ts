import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSchemas, isEventType } from '../events.ts';
import {
  busCatalogue,
  busEventOf,
  houseSchemaVersion,
  inwardReasonOf,
  isMarketData,
  payloadProblem,
} from './bus-catalogue.ts';
import type { BusEvent } from './bus-event.ts';
import { type Envelope, envelopeId, parseEnvelope } from './envelope.ts';

const rows: readonly [string, BusEvent][] = Object.entries(busCatalogue);
const names = rows.flatMap(([name, { aliases }]) => [name, ...aliases]);

function envelopeOf(type: string, payload: Envelope['payload'], version = 1): Envelope {
  return {
    id: envelopeId({ runId: 'run-1', sequence: 1, type, at: 1 }),
    type,
    schema_version: version,
    source: 'tradewind/fx',
    ts: 1,
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    span_id: '00f067aa0ba902b7',
    payload,
  };
}

/** Section 3.3 of the crypto desk's specification, to the letter; aliases are left to the test below. */
const specified = `
market.tick market.regime_changed market.flash_crash_detected signal.generated signal.rejected trade.execution_requested trade.executed
trade.opened trade.updated trade.closed trade.failed order.blocked_by_ess order.blocked_by_invariant rl.reward_update
rl.strategy_selected rl.decision rl_v3.decision rl_v3.training_started rl_v3.training_completed risk.alert risk.limit_breached
risk.circuit_breaker_triggered risk.circuit_breaker_reset risk.global_snapshot risk.var_es_updated risk.exposure_matrix_updated
risk.systemic_alert risk.drawdown_update emergency.stop emergency.recovered ess.armed ess.tripped ess.cooling ess.reset policy.updated
policy.rolled_back system.mode_changed model.prediction_ready model.drift_detected model.retrain_requested model.training_started
model.training_completed model.training_failed model.shadow_result model.promoted model.rollback_initiated model.retired
universe.updated opportunity.ranked position.classified profit.amplification portfolio.balance portfolio.pnl_update health.status
system.health_degraded system.event_error system.redis_recovered service.heartbeat system.alert hfos.directive federation.decision
federation.plan_updated sesa.generation_completed memory.stored meta.updated backtest.completed stress.completed`
  .trim()
  .split(/\s+/);

test('the catalogue holds every event of the specification and none besides', () => {
  assert.deepEqual(Object.keys(busCatalogue).sort(), specified.toSorted());
});

test('aliases are those of the specification', () => {
  const aliased = rows.filter(([, { aliases }]) => aliases.length > 0).map(([name, { aliases }]) => [name, ...aliases]);
  assert.deepEqual(aliased, [
    ['market.regime_changed', 'market.regime.changed'],
    ['trade.execution_requested', 'execution.request', 'trade.intent'],
    ['trade.executed', 'execution.result'],
    ['trade.opened', 'position.opened'],
    ['trade.updated', 'position.updated'],
    ['trade.closed', 'position.closed'],
    ['emergency.stop', 'system.emergency.triggered'],
    ['system.mode_changed', 'policy.mode.changed'],
    ['rl.reward_update', 'rl.reward_received'],
    ['universe.updated', 'universe.opportunity'],
  ]);
});

test('no name is used twice, and none is a name of the house', () => {
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(names.filter(isEventType), []);
});

test('every name is a type, and a key is a field of its payload', () => {
  for (const [name, { aliases, key, schema }] of rows) {
    for (const type of [name, ...aliases]) assert.ok('envelope' in parseEnvelope(envelopeOf(type, {})), type);
    if (key !== null) assert.ok(Object.hasOwn(schema.shape, key), name);
  }
});

test('a row is found by its name and by its aliases', () => {
  assert.equal(busEventOf('position.opened'), busCatalogue['trade.opened']);
  assert.equal(busEventOf('trade.opened'), busCatalogue['trade.opened']);
  assert.equal(busEventOf('order.filled'), undefined);
  assert.equal(busEventOf('toString'), undefined);
});

test('a payload is judged by the schema of its type', () => {
  const payload = { service: 'engine', status: 'HEALTHY', details: {} };
  assert.equal(payloadProblem(envelopeOf('health.status', payload)), undefined);
  assert.match(
    payloadProblem(envelopeOf('health.status', { ...payload, status: 1 })) ?? '',
    /^'health.status' field 'status': /,
  );
  assert.match(
    payloadProblem(envelopeOf('health.status', { ...payload, more: 1 })) ?? '',
    /^'health.status' field '': /,
  );
  assert.equal(
    payloadProblem(envelopeOf('health.status', payload, 2)),
    "'health.status' is expected in schema version 1, found 2",
  );
  assert.equal(payloadProblem(envelopeOf('nobody.knows', {})), "'nobody.knows' is no type of the catalogue");
  const event = { type: 'alert.cleared', at: 1, name: 'quiet' };
  assert.equal(payloadProblem(envelopeOf('alert.cleared', event, houseSchemaVersion)), undefined);
  assert.match(
    payloadProblem(envelopeOf('alert.cleared', { ...event, at: '1' })) ?? '',
    /^'alert.cleared' field 'at': /,
  );
});

test('the clock is the one event of the house that stays inside', () => {
  const inward = Object.keys(eventSchemas).filter((type) => isEventType(type) && inwardReasonOf(type) !== undefined);
  assert.deepEqual(inward, ['time.ticked']);
});

test('bars, quotes and the windows made of them are market data', () => {
  const found = Object.keys(eventSchemas).filter((type) => isEventType(type) && isMarketData(type));
  assert.deepEqual(found, ['bar.closed', 'quote.updated', 'mark.updated', 'depth.updated', 'manifold.published']);
});
