import type { Migration } from '../migration.ts';

/** Newest first, and what is too old: both are asked by the time that dates a row. */
export const dateIndexes: Migration = {
  number: 3,
  name: 'date-indexes',
  up: [
    'create index orders_dated on orders (run_id, changed_at)',
    'create index fills_dated on fills (run_id, at)',
    'create index round_trips_dated on round_trips (run_id, closed_at)',
    'create index decisions_dated on decisions (run_id, at)',
    'create index policy_history_dated on policy_history (run_id, at)',
    'create index evaluations_dated on evaluations (run_id, at)',
    'create index alerts_dated on alerts (run_id, raised_at)',
    'create index kill_switch_dated on kill_switch (run_id, at)',
    'create index audit_dated on audit (run_id, at)',
    'create index trials_dated on trials (run_id, created_at)',
    'create index models_dated on models (run_id, created_at)',
    'create index health_events_dated on health_events (run_id, at)',
    'create index job_runs_dated on job_runs (run_id, queued_at)',
  ],
  down: [
    'drop index job_runs_dated',
    'drop index health_events_dated',
    'drop index models_dated',
    'drop index trials_dated',
    'drop index audit_dated',
    'drop index kill_switch_dated',
    'drop index alerts_dated',
    'drop index evaluations_dated',
    'drop index policy_history_dated',
    'drop index decisions_dated',
    'drop index round_trips_dated',
    'drop index fills_dated',
    'drop index orders_dated',
  ],
};
