import type { GatesDocument } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { floorsOf } from './evaluation-keys.ts';
import { policyNumber } from './kept-policies.ts';
import type { KeysState } from './keys-state.ts';

/** Beyond this a document of gates is gone, whoever asks (FX desk specification b.3). */
const blobLifeMs = 3_600_000;
const blobMaxAgeSeconds = 180;
const cooldownSeconds = 7_200;

/** Writes the document of gates, the flag of every instrument and the keys whose presence means a cooldown. */
export function writeGates(state: KeysState, gates: GatesDocument, change: (change: KeyChange) => void): void {
  if (!state.isWarm) return;
  const blob = JSON.stringify(blobOf(state, gates));
  change({ type: 'set', key: 'opt:rolling:gates_blob', value: blob, ttlMs: blobLifeMs });
  const eligibleLifeMs = 2_000 * policyNumber(state, ['rolling-evaluator', 'blobMaxAgeSeconds'], blobMaxAgeSeconds);
  for (const [symbol, gate] of Object.entries(gates.gates)) {
    change({ type: 'set', key: `opt:rolling:eligible:${symbol}`, value: String(gate), ttlMs: eligibleLifeMs });
  }
  followCooldowns(state, gates, change);
}

/** The document in the words of its readers, those of the second generation among them (FX desk specification d.6). */
function blobOf(state: KeysState, document: GatesDocument): object {
  const { ts, gates, cooldowns, bufs, repetition, hazard, v, intervalSeconds, reasons, sessions, seq } = document;
  return {
    ts,
    gates,
    cooldowns,
    bufs,
    repetition: eachValue(repetition, ({ count, firstSeenAt }) => ({ count_1h: count, first_seen_ms: firstSeenAt })),
    hazard,
    v,
    interval_sec: intervalSeconds,
    reasons,
    sessions: eachValue(sessions, ({ open, minutesToClose }) => ({ open, minutes_to_close: minutesToClose })),
    floors: eachValue(state.floors, floorsOf),
    seq,
  };
}

function eachValue<V>(record: Readonly<Record<string, V>>, map: (value: V) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function followCooldowns(state: KeysState, { cooldowns }: GatesDocument, change: (change: KeyChange) => void): void {
  const ttlMs = 1_000 * policyNumber(state, ['rolling-evaluator', 'cooldownSeconds'], cooldownSeconds);
  const cooling = Object.keys(cooldowns).filter((symbol) => cooldowns[symbol] === 1);
  for (const symbol of state.cooling) {
    if (!cooling.includes(symbol)) change({ type: 'delete', key: `opt:rolling:cooldown:${symbol}` });
  }
  for (const symbol of cooling) {
    const isKnown = state.cooling.includes(symbol);
    if (!isKnown) change({ type: 'set', key: `opt:rolling:cooldown:${symbol}`, value: '1', ttlMs });
  }
  state.cooling = cooling;
}
