import assert from 'node:assert/strict';
import { test } from 'node:test';
import { housePolicies, parsePolicy } from '../policies.ts';
import { configuration, configurationGroups, findVariable, knownNames, variableNamed } from './configuration.ts';
import { policyValue } from './first-policies.ts';
import { expectationOf, parseVariable } from './parse-variable.ts';

/** Every name of the FX desk specification, section j, in its order. */
const specified = `
HOTBAND_PAIRS HOTBAND_WINDOW_DAYS HOTBAND_PROCESSING_INTERVAL STRANDS_C_MIN VALKEY_URL EVAL_INTERVAL_SEC
EVAL_BACKTEST_INTERVAL_SEC GATES_BLOB_MAX_AGE_SEC EVAL_MIN_TRADES EVAL_CALMAR_MIN EVAL_PNL_MIN EVAL_MODE EVAL_FLOOR_MODE
EVAL_COOLDOWN_SEC EVAL_MISS_LIMIT EVAL_REQ_CONSEC HYSTERESIS_DEFAULT HYSTERESIS_PAIR_JSON SESSION_TRADING_ENABLED
SESSION_EXIT_MINUTES SESSION_PATTERN_MIN_OCCURRENCES ECHO_MIN_REPETITIONS REPETITION_MIN_COUNT ECHO_HAZARD_MAX
ECHO_LOOKBACK_MINUTES ECHO_SIGNATURE_PRECISION AUTO_MAX_HAZARD ALLOC_INTERVAL_SEC ALLOC_TOP_K ALLOC_SCORE_WEIGHT_COHERENCE
ALLOC_SCORE_WEIGHT_STABILITY ALLOC_SCORE_WEIGHT_RUPTURE ALLOC_SCORE_WEIGHT_ENTROPY ALLOC_SCORE_WEIGHT_HAZARD ALLOC_W_C
ALLOC_W_STAB ALLOC_W_RUP ALLOC_W_ENT ALLOC_HOLD_MAX_SEC ALLOC_FALLBACK_TRADABLE RISK_ALLOC_TARGET_PCT PM_MAX_PER_POS_PCT
PM_PER_POS_BASE PM_BUDGET_BASE PM_RAMP_STEP_PCT PORTFOLIO_RECONCILE_SEC PORTFOLIO_REBALANCE_THRESHOLD EXPOSURE_SCALE
AUTO_MIN_COHERENCE GUARD_MIN_COHERENCE GUARD_MIN_STABILITY AUTO_MIN_STABILITY AUTO_MAX_RUPTURE GUARD_MAX_RUPTURE
AUTO_MAX_ENTROPY GUARD_PROFILE AUTO_DIRECTION_MODE AUTO_DIRECTION_LOOKBACK AUTO_DIR_THRESHOLD_BPS ENTRY_COOLDOWN_SEC
EXIT_COOLDOWN_SEC EXIT_SLOPE_ENABLED EXIT_SLOPE_BPS EXIT_PNL_ENABLED EXIT_PNL_TP EXIT_PNL_SL EXIT_PNL_UNIT
AUTO_TP_ON_FILL_ENABLED AUTO_TP_MODE AUTO_TP_ATR_GRAN AUTO_TP_ATR_N AUTO_TP_ATR_K AUTO_TP_RR AUTO_SL_PIPS PULSE_ENABLED
PULSE_INTERVAL_SEC PULSE_SIZE_PCT MARGIN_HYST_LOW MARGIN_HYST_HIGH MARGIN_OVERLOAD MARGIN_AWARE_THRESHOLD MAX_SPREAD_BPS
VAR_MAX_PCT VAR_TOTAL_PCT VAR_HORIZON_MIN FRESH_MAX_WS_AGE_SEC FRESH_MAX_SIGNAL_AGE_SEC RISK_MAX_POSITION_SIZE
RISK_MAX_DAILY_LOSS RISK_MAX_POSITIONS_PER_PAIR RISK_MAX_TOTAL_POSITIONS RISK_MAX_NET_UNITS_PER_PAIR KILL_SWITCH
KILL_SWITCH_FORCE_ENV KILL_SWITCH_KEY READ_ONLY LIVE_TRADING_ENABLED DRY_RUN_TRADES BACKFILL_ON_DEPLOY
RUN_TRIALS_ON_DEPLOY APPLY_WINNERS_ON_DEPLOY DISENGAGE_KILL_ON_SUCCESS SEP_SKIP_PROCESSOR CANDLE_COUNT CANDLE_GRAN API_PORT
WS_PORT ALLOC_STATUS_PORT BACKEND_API_URL QUANTUM_METRICS_LIB LOG_LEVEL WS_REQUIRE_DIAGNOSTICS WS_REQUIRE_NATIVE
WS_MAX_QUEUE WS_VALKEY_RETRY_* API_BEARER_TOKEN WS_TOKEN API_URL WS_URL ALLOW_KILL_TOGGLE SERVER_NAME BACKEND_UPSTREAM
WS_UPSTREAM CERT_BASE USE_LOCAL_NGINX VITE_API_URL VITE_API_PROXY VITE_WS_PROXY OANDA_API_KEY OANDA_ACCOUNT_ID
OANDA_ENVIRONMENT
`
  .trim()
  .split(/\s+/);

test('every variable the specification names is in the table', () => {
  assert.deepEqual(
    specified.filter((name) => findVariable(name) === undefined),
    [],
  );
});

test('no name stands in the table twice', () => {
  const names = configuration.flatMap(({ name, aliases }) => [name, ...aliases]);
  assert.deepEqual([...new Set(names)], names);
  assert.deepEqual(knownNames(), names);
});

test('every default is what its own row expects', () => {
  for (const variable of configuration) {
    if (variable.default === '') continue;
    const value = parseVariable(variable, variable.default);
    assert.notEqual(value, undefined, `${variable.name}: ${expectationOf(variable)}, found '${variable.default}'`);
  }
});

test('a row has at most one source of its default', () => {
  for (const { name, default: own, defaultFrom, defaultByRun } of configuration) {
    const sources = [own === '' ? undefined : own, defaultFrom, defaultByRun].filter((source) => source !== undefined);
    assert.ok(sources.length <= 1, name);
  }
});

test('a row that leans on another names one of the table', () => {
  for (const { name, defaultFrom, notAbove } of configuration) {
    for (const other of [defaultFrom, notAbove]) {
      if (other !== undefined) assert.equal(findVariable(other)?.name, other, name);
    }
  }
});

test('a choice has its choices, and nothing else has any', () => {
  for (const { name, type, choices, policyValues } of configuration) {
    assert.equal(type === 'choice', (choices ?? []).length > 0, name);
    for (const key of Object.keys(policyValues ?? {})) assert.ok(choices?.includes(key), `${name}: ${key}`);
  }
});

test('a meaning is one sentence', () => {
  for (const { name, meaning } of configuration) assert.match(meaning, /^[A-Z][^\n.]*(?:\.\d[^\n.]*)*\.$/, name);
});

test('a default of the house domains is accepted by the policy it fills', () => {
  for (const variable of configuration) {
    for (const { domain, field } of variable.targets) {
      const house = Object.entries(housePolicies).find(([name]) => name === domain)?.[1];
      if (house === undefined) continue;
      assert.ok(field in house.schema.shape, `${variable.name}: ${domain}.${field}`);
      if (variable.defaultFrom !== undefined) continue;
      const value = variable.default === '' ? null : parseVariable(variable, variable.default);
      const document = { [field]: policyValue(variable, value ?? null) };
      assert.deepEqual(parsePolicy(house, document, house.version, true), { document }, variable.name);
    }
  }
});

test('no two variables fill one field', () => {
  const fields = configuration.flatMap(({ targets }) => targets.map(({ domain, field }) => `${domain}.${field}`));
  assert.deepEqual([...new Set(fields)], fields);
});

test('tokens and keys are secrets, and no secret has a default', () => {
  for (const { name, kind, default: text } of configuration) {
    const isPath = name.endsWith('_FILE');
    if (/TOKEN|API_KEY|PASSWORD|DATABASE_URL/.test(name) && !isPath) assert.equal(kind, 'secret', name);
    if (kind === 'secret') assert.equal(text, '', name);
  }
});

test('an older spelling leads to the row', () => {
  assert.equal(variableNamed('API_PORT').name, 'TRADEWIND_PORT');
  assert.throws(() => variableNamed('API_PORTS'), /variable API_PORTS/);
});

test('every variable belongs to a group', () => {
  assert.equal(
    configurationGroups.reduce((count, { variables }) => count + variables.length, 0),
    configuration.length,
  );
});
