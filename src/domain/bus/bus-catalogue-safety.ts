import { z } from 'zod';
import type { BusEvents } from './bus-event.ts';
import { figureField, figuresField, nameField, severityField, symbolField, textField } from './bus-fields.ts';

const common = { aliases: [], version: 1, key: null, origin: 'journal' } as const;
const risk = { ...common, producer: 'risk', consumers: ['emergency stop', 'dashboard'], plannedIn: 6 } as const;
const essStage = { ...common, producer: 'emergency stop', consumers: ['risk_management'], plannedIn: 6 } as const;
const health = { ...common, producer: 'health', consumers: ['monitoring'] } as const;

const riskValues = z.strictObject({ values: figuresField });
const stop = z.strictObject({
  reason: textField,
  evaluator: nameField,
  metrics: figuresField,
  positions_closed: z.int().min(0).nullable(),
});
const serviceState = z.strictObject({
  service: nameField,
  status: nameField,
  details: z.record(z.string(), z.unknown()),
});

/** Risk, emergencies, policies and health (crypto desk specification 3.3). */
export const safetyEvents = {
  'risk.alert': {
    ...risk,
    schema: z.strictObject({
      severity: severityField,
      alert_type: nameField,
      message: textField,
      dd: figureField,
      limit: figureField,
      open_positions: z.int().min(0),
      max_positions: z.int().min(0).nullable(),
      action_taken: textField.nullable(),
    }),
    meaning: 'A watched condition holds. An alert of the desk is MEDIUM, a margin close-out by the venue CRITICAL.',
    plannedIn: null,
  },
  'risk.limit_breached': {
    ...risk,
    key: 'symbol',
    schema: z.strictObject({ symbol: symbolField, limit: nameField, reason: textField, signed_qty: z.number() }),
    meaning: 'The hard limits deny a target that would go beyond one of them. A denial that stands is told once.',
    plannedIn: null,
  },
  'risk.circuit_breaker_triggered': { ...risk, schema: riskValues, meaning: 'A breaker holds all new exposure.' },
  'risk.circuit_breaker_reset': { ...risk, schema: riskValues, meaning: 'A breaker lets new exposure through again.' },
  'risk.global_snapshot': { ...risk, schema: riskValues, meaning: 'The risk of the whole desk at one moment.' },
  'risk.var_es_updated': {
    ...risk,
    schema: riskValues,
    meaning: 'Value at risk and expected shortfall, computed anew.',
  },
  'risk.exposure_matrix_updated': { ...risk, schema: riskValues, meaning: 'Exposures and their correlations.' },
  'risk.systemic_alert': { ...risk, schema: riskValues, meaning: 'A danger to the market as a whole.' },
  'risk.drawdown_update': { ...risk, schema: riskValues, meaning: 'The drawdown of the account has changed.' },
  'emergency.stop': {
    ...essStage,
    aliases: ['system.emergency.triggered'],
    schema: stop,
    meaning: 'The kill switch is thrown: no new exposure until someone releases it. Throwing it closes no position.',
    plannedIn: null,
  },
  'emergency.recovered': {
    ...essStage,
    schema: stop,
    meaning: 'The kill switch is released after an emergency stop.',
    plannedIn: null,
  },
  'ess.armed': { ...essStage, schema: stop, meaning: 'The emergency stop system watches.' },
  'ess.tripped': { ...essStage, schema: stop, meaning: 'An evaluator of the emergency stop system has tripped.' },
  'ess.cooling': { ...essStage, schema: stop, meaning: 'The emergency stop system waits before it can be reset.' },
  'ess.reset': { ...essStage, schema: stop, meaning: 'The emergency stop system is reset.' },
  'policy.updated': {
    ...common,
    key: 'policy',
    schema: z.strictObject({
      /** The key of the document: `strategy/fx`. */
      policy: nameField,
      previous_version: z.int().min(1).nullable(),
      version: z.int().min(1),
      changed_paths: z.array(nameField),
      previous_mode: nameField.nullable(),
      new_mode: nameField.nullable(),
      updated_by: nameField,
      reason: textField,
    }),
    producer: 'policy store',
    consumers: ['executor', 'hfos', 'safety governor', 'orchestrator policy', 'continuous learning'],
    meaning: 'A policy document is in force that was not before. One that was refused is not told.',
    plannedIn: null,
  },
  'policy.rolled_back': {
    ...common,
    key: 'policy',
    schema: z.strictObject({
      policy: nameField,
      previous_version: z.int().min(1),
      version: z.int().min(1),
      /** The version whose content is in force again. */
      restored_version: z.int().min(1),
      updated_by: nameField,
      reason: textField,
    }),
    producer: 'policy store',
    consumers: ['executor', 'hfos', 'safety governor', 'orchestrator policy', 'continuous learning'],
    meaning: 'The content of an earlier version is in force again, under a number of its own.',
    plannedIn: null,
  },
  'system.mode_changed': {
    ...common,
    aliases: ['policy.mode.changed'],
    schema: z.strictObject({
      /** `desk` for the cap of all modes, otherwise the module. */
      scope: nameField,
      previous_mode: nameField.nullable(),
      new_mode: nameField.nullable(),
      updated_by: nameField,
      reason: textField,
    }),
    producer: 'policy store',
    consumers: ['monitoring'],
    meaning: "The desk's cap on modes or the mode of a module has changed; null stands for the usual one.",
    plannedIn: null,
  },
  'health.status': {
    ...health,
    origin: 'runtime',
    schema: serviceState,
    meaning: 'The state of a process and of what it depends on has changed.',
    plannedIn: null,
  },
  'service.heartbeat': {
    ...health,
    origin: 'runtime',
    schema: serviceState,
    meaning: 'A process is alive.',
    plannedIn: null,
  },
  'system.redis_recovered': {
    ...health,
    origin: 'runtime',
    schema: serviceState,
    meaning: 'The store of keys and streams answers again, and what was held back has been sent.',
    plannedIn: null,
  },
  'system.health_degraded': {
    ...health,
    origin: 'runtime',
    schema: serviceState,
    meaning: 'A part has become slow or weak.',
    plannedIn: 6,
  },
  'system.event_error': {
    ...health,
    origin: 'runtime',
    schema: serviceState,
    meaning: 'A consumer could not take an event.',
    plannedIn: 6,
  },
  'system.alert': { ...health, schema: serviceState, meaning: 'A person should look.', plannedIn: 6 },
} as const satisfies BusEvents;
