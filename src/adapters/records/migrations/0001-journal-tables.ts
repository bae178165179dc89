import type { Migration } from '../migration.ts';

/** The tables that are folds of the journal, and how far each fold has come. */
export const journalTables: Migration = {
  number: 1,
  name: 'journal-tables',
  up: [
    `create table projection_positions (
      run_id text not null, name text not null, version integer, sequence integer, at integer, state text,
      primary key (run_id, name))`,
    `create table runs (
      run_id text not null, kind text, desk text, seed integer, start_balance real, account_currency text,
      records_facts boolean, config_hash text, data_hash text, code_version text, started_at integer,
      sequence integer, trace_id text,
      primary key (run_id))`,
    `create table orders (
      run_id text not null, client_order_id text not null, venue_order_id text, parent_order_id text,
      instrument text, side text, order_type text, time_in_force text, purpose text, state text, quantity real,
      filled_quantity real, average_price real, limit_price real, stop_price real, bracket_stop_price real,
      bracket_target_price real, is_reduce_only boolean, strategy text, reason text, end_code text,
      end_reason text, fees real, realized_pnl real, submitted_at integer, accepted_at integer,
      expires_at integer, changed_at integer, sequence integer, trace_id text,
      primary key (run_id, client_order_id))`,
    `create table fills (
      run_id text not null, instrument text not null, fill_id text not null, client_order_id text,
      venue_order_id text, side text, purpose text, quantity real, price real, fee real, realized_pnl real,
      spread_cost real, balance real, is_pessimistic boolean, strategy text, at integer, venue_at integer,
      sequence integer, trace_id text,
      primary key (run_id, instrument, fill_id))`,
    `create table positions (
      run_id text not null, instrument text not null, signed_quantity real, average_price real, strategy text,
      opened_at integer, increased_at integer, changed_at integer, sequence integer, trace_id text,
      primary key (run_id, instrument))`,
    `create table round_trips (
      run_id text not null, sequence integer not null, instrument text, direction text, quantity real,
      entry_price real, exit_price real, realized_pnl real, fees real, financing real, spread_cost real,
      maximum_adverse real, maximum_favorable real, strategy text, reason text, opened_at integer,
      closed_at integer, trace_id text,
      primary key (run_id, sequence))`,
    `create table decisions (
      run_id text not null, sequence integer not null, at integer, kind text, module text, slot text,
      mode text, outcome text, reason text, instrument text, signed_quantity real, expires_at integer,
      entries json, trace_id text,
      primary key (run_id, sequence))`,
    `create table policy_history (
      run_id text not null, sequence integer not null, at integer, key text, version integer,
      schema_version integer, document json, actor text, reason text, outcome text, refusal text,
      trace_id text,
      primary key (run_id, sequence))`,
    `create table evaluations (
      run_id text not null, sequence integer not null, at integer, instrument text, parameter_key text,
      days integer, trades integer, win_rate real, pnl_total real, maximum_drawdown real, calmar real,
      floors json, is_eligible boolean, trace_id text,
      primary key (run_id, sequence))`,
    `create table alerts (
      run_id text not null, sequence integer not null, name text, reason text, raised_at integer,
      cleared_at integer, trace_id text,
      primary key (run_id, sequence))`,
    `create table kill_switch (
      run_id text not null, sequence integer not null, at integer, is_engaged boolean, actor text, reason text,
      trace_id text,
      primary key (run_id, sequence))`,
    `create table audit (
      run_id text not null, sequence integer not null, ordinal integer not null, at integer, kind text,
      actor text, action text, target text, reason text, outcome text, trace_id text,
      primary key (run_id, sequence, ordinal))`,
  ],
  down: [
    'drop table audit',
    'drop table kill_switch',
    'drop table alerts',
    'drop table evaluations',
    'drop table policy_history',
    'drop table decisions',
    'drop table round_trips',
    'drop table positions',
    'drop table fills',
    'drop table orders',
    'drop table runs',
    'drop table projection_positions',
  ],
};
