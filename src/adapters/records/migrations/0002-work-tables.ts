import type { Migration } from '../migration.ts';

/** The tables of what is worked out beside the journal. */
export const workTables: Migration = {
  number: 2,
  name: 'work-tables',
  up: [
    `create table trials (
      run_id text not null, trial_id text not null, instrument text, parameter_key text, days integer,
      hours integer, parameters json, start_at integer, end_at integer, trades integer, win_rate real,
      pnl_total real, maximum_drawdown real, calmar real, sharpe real, profit_factor real,
      signals_used integer, round_trips json, engine text, created_at integer, trace_id text,
      primary key (run_id, trial_id))`,
    `create table models (
      run_id text not null, model_id text not null, type text, version text, status text, metrics json,
      config json, data_from_at integer, data_until_at integer, feature_count integer, file text,
      size_bytes integer, notes text, created_at integer, promoted_at integer, retired_at integer,
      trace_id text,
      primary key (run_id, model_id))`,
    `create table health_events (
      run_id text not null, event_id text not null, at integer, component text, status text, reason text,
      latency_ms real, details json, trace_id text,
      primary key (run_id, event_id))`,
    `create table job_runs (
      run_id text not null, job_id text not null, kind text, status text, attempts integer, parameters json,
      result json, problem text, worker text, queued_at integer, started_at integer, ended_at integer,
      trace_id text,
      primary key (run_id, job_id))`,
  ],
  down: ['drop table job_runs', 'drop table health_events', 'drop table models', 'drop table trials'],
};
