import { z } from 'zod';
import { type Mode, modes } from '../pipeline.ts';

const fraction = z.number().min(0).max(1);
const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
/** What has no interval of its own is asked once a scan. */
const scanMs = 30 * secondMs;

interface ModuleRow {
  readonly meaning: string;
  readonly intervalMs?: number;
  readonly mode?: Mode;
}

/** The 24 modules of the crypto desk and the two that support them, in the order in which they are numbered. */
const moduleRows = {
  ai_engine: { meaning: 'makes signals of what the ensemble says' },
  xgboost: { meaning: 'first boosted-tree voter' },
  lightgbm: { meaning: 'second boosted-tree voter, dominant where volatility is high' },
  nhits: { meaning: 'voter over many time scales' },
  patchtst: { meaning: 'attention voter over patches of a series' },
  ensemble: { meaning: 'weighs the votes' },
  hfos: { meaning: 'supreme coordinator of the risk modes', intervalMs: minuteMs },
  pba: { meaning: 'portfolio balance', intervalMs: 5 * minuteMs },
  pal: { meaning: 'profit amplification', intervalMs: 5 * minuteMs },
  pil: { meaning: 'classes of open positions', intervalMs: minuteMs },
  universe: { meaning: 'choice of instruments', intervalMs: 24 * hourMs },
  supervisor: { meaning: 'health and bias of models', intervalMs: 30 * minuteMs, mode: 'OBSERVATION' },
  retraining: { meaning: 'when models are trained', intervalMs: 6 * hourMs },
  dynamic_tpsl: { meaning: 'stops and targets that know the leverage' },
  self_healing: { meaning: 'correction of broken states', intervalMs: 2 * minuteMs },
  aelm: { meaning: 'choice of order type' },
  risk_os: { meaning: 'risk of position, portfolio and market' },
  orchestrator: { meaning: 'confidence asked for in each regime', intervalMs: minuteMs },
  rl_sizing: { meaning: 'learned sizes' },
  mathematician: { meaning: 'costs and the growth-optimal share' },
  msc: { meaning: 'choice of strategy', intervalMs: 30 * minuteMs },
  ranker: { meaning: 'order of opportunities', intervalMs: 5 * minuteMs },
  position_monitor: { meaning: 'watch over stops and targets', intervalMs: 10 * secondMs },
  governor: { meaning: 'veto on what is too risky', intervalMs: minuteMs },
  ess: { meaning: 'emergency stop', intervalMs: 5 * secondMs },
  shm: { meaning: 'health of the system', intervalMs: minuteMs },
} satisfies Readonly<Record<string, ModuleRow>>;

/** What the policy calls a module of the crypto desk. */
export type CryptoModuleId = keyof typeof moduleRows;

function moduleSchema(row: ModuleRow) {
  return z
    .strictObject({
      enabled: z.boolean().default(true).describe(`Whether it runs: ${row.meaning}.`),
      mode: z
        .enum(modes)
        .default(row.mode ?? 'ACTIVE')
        .describe('How far its word counts.'),
      interval_ms: z
        .int()
        .min(1_000)
        .default(row.intervalMs ?? scanMs)
        .describe('Time between two calls.'),
    })
    .prefault({});
}

type ModuleSchemas = { readonly [K in CryptoModuleId]: ReturnType<typeof moduleSchema> };

const modulesSchema = z
  .strictObject(
    Object.fromEntries(Object.entries(moduleRows).map(([id, row]) => [id, moduleSchema(row)])) as ModuleSchemas,
  )
  .prefault({});

function flag(meaning: string) {
  return z.boolean().default(true).describe(meaning);
}

const flagsSchema = z
  .strictObject({
    enable_rl: flag('Learning agents may be asked.'),
    enable_meta_strategy: flag('Strategies are chosen by what they earned.'),
    enable_pal: flag('Winners may be added to.'),
    enable_pba: flag('The portfolio is balanced.'),
    enable_clm: flag('Models are kept up by continuous learning.'),
    enable_retraining: flag('Models may be trained.'),
    enable_dynamic_tpsl: flag('Stops and targets follow leverage and volatility.'),
  })
  .prefault({});

const weight = z.number().min(0.05).max(0.5);

const ensembleSchema = z
  .strictObject({
    weights: z
      .strictObject({
        xgb: weight.default(0.25).describe('Weight of the first tree voter before it has a record.'),
        lgbm: weight.default(0.25).describe('Weight of the second tree voter before it has a record.'),
        nhits: weight.default(0.3).describe('Weight of the multi-scale voter before it has a record.'),
        patchtst: weight.default(0.2).describe('Weight of the attention voter before it has a record.'),
      })
      .refine(({ xgb, lgbm, nhits, patchtst }) => Math.abs(xgb + lgbm + nhits + patchtst - 1) < 1e-9, {
        message: 'the four weights sum to 1',
      })
      .prefault({}),
    min_consensus: z.int().min(1).max(4).default(3).describe('Voters that must agree.'),
    min_agree_weight: fraction.default(0.5).describe('Weight that must agree.'),
  })
  .prefault({});

const confidenceSchema = z
  .strictObject({
    TRENDING: z.number().min(0.2).max(0.5).default(0.32).describe('Lowest ensemble confidence in a trend.'),
    NORMAL: z.number().min(0.22).max(0.52).default(0.38).describe('Lowest ensemble confidence without a regime.'),
    RANGING: z.number().min(0.25).max(0.55).default(0.4).describe('Lowest ensemble confidence in a range.'),
  })
  .prefault({});

const learningSchema = z
  .strictObject({
    retrain_hours: z.int().min(1).default(24).describe('Hours between two trainings of a model.'),
    shadow_hours: z.int().min(1).default(24).describe('Hours that a candidate is scored beside the model in use.'),
    min_improvement: fraction.default(0.02).describe('Share by which a candidate must be better.'),
    drift_hours: z.int().min(1).default(24).describe('Hours between two checks for drift.'),
    perf_hours: z.int().min(1).default(6).describe('Hours between two checks of performance.'),
    auto_retrain: z.boolean().default(true).describe('Training may begin without an operator.'),
    auto_promote: z.boolean().default(true).describe('A better candidate takes over without an operator.'),
    min_shadow_predictions: z.int().min(1).default(100).describe('Resolved predictions a candidate needs.'),
  })
  .prefault({});

/** Which modules of the crypto desk run and how they judge. Intervals are milliseconds, spans hours as their names say. */
export const aiPolicySchema = z.strictObject({
  modules: modulesSchema,
  flags: flagsSchema,
  ensemble: ensembleSchema,
  min_confidence: confidenceSchema,
  global_min_confidence: fraction.default(0.65).describe('Lowest calibrated probability that may enter.'),
  clm: learningSchema,
  rl: z
    .strictObject({
      epsilon: fraction.default(0.1).describe('Share of choices made to explore.'),
      alpha: z.number().gt(0).max(1).default(0.2).describe('Step of learning.'),
    })
    .prefault({}),
  rl_v3: z
    .strictObject({
      mode: z.enum(modes).default('SHADOW').describe('How far the third generation of the agent counts.'),
      min_confidence: fraction.default(0.6).describe('Lowest confidence of its own that it acts on.'),
      max_trades_per_hour: z.int().min(0).default(10).describe('Trades an hour it may ask for.'),
    })
    .prefault({}),
});
