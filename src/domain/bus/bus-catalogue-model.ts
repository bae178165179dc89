import { z } from 'zod';
import type { BusEvents } from './bus-event.ts';
import { figureField, figuresField, nameField, symbolField, textField } from './bus-fields.ts';

const common = { aliases: [], version: 1, key: null, origin: 'journal' } as const;
const learner = {
  ...common,
  producer: 'learning agents',
  consumers: ['meta-strategy', 'dashboard'],
  plannedIn: 7,
} as const;
const model = {
  ...common,
  key: 'model',
  producer: 'continuous learning',
  consumers: ['ensemble', 'model supervisor'],
  plannedIn: 5,
} as const;
const desk = { ...common, producer: 'crypto desk', consumers: ['monitoring'], plannedIn: 6 } as const;
const agent = { ...common, producer: 'agents', consumers: ['monitoring'], plannedIn: 7 } as const;

const decision = z.strictObject({
  agent: nameField,
  symbol: symbolField.nullable(),
  state: nameField,
  action: nameField,
  confidence: figureField,
  shadow: z.boolean(),
});
const training = z.strictObject({ agent: nameField, metrics: figuresField });
const modelState = z.strictObject({ model: nameField, version: nameField, metrics: figuresField, reason: textField });
const universe = z.strictObject({
  profile: nameField,
  added: z.array(symbolField),
  removed: z.array(symbolField),
  ranking: z.array(symbolField),
});
const positionState = z.strictObject({ symbol: symbolField, classification: nameField, values: figuresField });
const values = z.strictObject({ values: figuresField });
const told = z.strictObject({ reason: textField, values: figuresField });
const summary = z.strictObject({ summary: z.record(z.string(), z.unknown()) });

/** Learning, models, the universe and the agents (crypto desk specification 3.3): all of them are still to come. */
export const modelEvents = {
  'rl.reward_update': {
    ...learner,
    aliases: ['rl.reward_received'],
    schema: z.strictObject({
      agent: nameField,
      state_key: nameField,
      action_key: nameField,
      reward: z.number(),
      terms: figuresField,
      trade_id: nameField,
      q_before: figureField,
      q_after: figureField,
    }),
    meaning: 'A learner has been rewarded for an action.',
  },
  'rl.strategy_selected': { ...learner, schema: decision, meaning: 'The selector has chosen a strategy.' },
  'rl.decision': { ...learner, schema: decision, meaning: 'A learner has chosen an action.' },
  'rl_v3.decision': { ...learner, schema: decision, meaning: 'The third learner has chosen an action, in shadow.' },
  'rl_v3.training_started': { ...learner, schema: training, meaning: 'The third learner trains.' },
  'rl_v3.training_completed': { ...learner, schema: training, meaning: 'The third learner has trained.' },
  'model.prediction_ready': { ...model, schema: modelState, meaning: 'A model has predicted.' },
  'model.drift_detected': {
    ...model,
    schema: modelState,
    meaning: 'The world differs from what a model was trained on.',
  },
  'model.retrain_requested': { ...model, schema: modelState, meaning: 'A model is to be trained anew.' },
  'model.training_started': { ...model, schema: modelState, meaning: 'A training has begun.' },
  'model.training_completed': { ...model, schema: modelState, meaning: 'A training has ended well.' },
  'model.training_failed': { ...model, schema: modelState, meaning: 'A training has ended badly.' },
  'model.shadow_result': { ...model, schema: modelState, meaning: 'What a challenger did beside the champion.' },
  'model.promoted': { ...model, schema: modelState, meaning: 'A challenger has become champion.' },
  'model.rollback_initiated': { ...model, schema: modelState, meaning: 'The champion before is brought back.' },
  'model.retired': { ...model, schema: modelState, meaning: 'A model is used no longer.' },
  'universe.updated': {
    ...desk,
    aliases: ['universe.opportunity'],
    schema: universe,
    meaning: 'The instruments that may be traded have changed.',
  },
  'opportunity.ranked': { ...desk, schema: universe, meaning: 'Instruments in the order of their prospects.' },
  'position.classified': {
    ...desk,
    key: 'symbol',
    schema: positionState,
    meaning: 'What kind of position it has become.',
  },
  'profit.amplification': {
    ...desk,
    key: 'symbol',
    schema: positionState,
    meaning: 'A winning position is made more of.',
  },
  'portfolio.balance': { ...desk, schema: values, meaning: 'How the portfolio is spread.' },
  'portfolio.pnl_update': { ...desk, schema: values, meaning: 'The profit of the portfolio has changed.' },
  'hfos.directive': { ...desk, schema: told, meaning: 'The supreme coordinator asks for another behaviour.' },
  'federation.decision': { ...agent, schema: told, meaning: 'The agents have agreed.' },
  'federation.plan_updated': { ...agent, schema: told, meaning: 'The plan of the agents has changed.' },
  'sesa.generation_completed': { ...agent, schema: told, meaning: 'A generation of strategies has been judged.' },
  'memory.stored': { ...agent, schema: told, meaning: 'Something has been kept for later.' },
  'meta.updated': { ...agent, schema: told, meaning: 'What is learned about learning has changed.' },
  'backtest.completed': {
    ...common,
    producer: 'backtest',
    consumers: ['monitoring'],
    plannedIn: 4,
    schema: summary,
    meaning: 'A run over history has ended.',
  },
  'stress.completed': {
    ...common,
    producer: 'stress test',
    consumers: ['monitoring'],
    plannedIn: 4,
    schema: summary,
    meaning: 'A run over a made-up calamity has ended.',
  },
} as const satisfies BusEvents;
