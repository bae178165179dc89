import type { EventByType, EventType } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import type { Projection } from '../projection.ts';
import type { TailEntry } from '../tail-entry.ts';
import { followBar, followQuote, writeBudget } from './account-keys.ts';
import { marketOfBar, rememberBar, writeCandle } from './candle-keys.ts';
import { writeEvaluation } from './evaluation-keys.ts';
import { writeGates } from './gates-keys.ts';
import { createKeysState, type KeysState } from './keys-state.ts';
import { writeLedger } from './ledger-keys.ts';
import { hydrateManifolds, LAST_LIFE_MS, writeManifold } from './manifold-keys.ts';
import { changePolicy, keepPolicy, settlePolicy } from './policy-keys.ts';
import { writeSignal } from './signal-keys.ts';
import {
  adoptReport,
  markTrade,
  noteAcceptance,
  noteAmendment,
  noteEnd,
  noteSubmission,
  writeFill,
  writeRoundTrip,
} from './trade-keys.ts';
import { writeWeights } from './weights-keys.ts';

/**
 * The fold of the journal's tail into the keys of the seeds (FX desk specification b.3, crypto desk specification 18.3). History becomes
 * candles and signals; what other processes act on is written from the moment the desk is live. A released switch is written only where the
 * journal ends: while an empty store is filled from the past, its readers take the desk for stopped.
 */
export const keysProjection: Projection<KeysState, KeyChange> = {
  name: 'keys',
  version: 1,
  initial: createKeysState,
  project: (state, entry, change) => {
    settlePolicy(state, entry, change);
    // The ledger still knows of orders that the event ends.
    writeLedger(state, entry, change);
    const folder = folders[entry.event.type] as Folder<EventType> | undefined;
    folder?.(state, entry.event, entry, change);
  },
  settle: (state, change) => {
    keepPolicy(state, change);
    if (state.isReleasePending) change(killKey(false));
    state.isReleasePending = false;
  },
};

type Change = (change: KeyChange) => void;
type Folder<T extends EventType> = (state: KeysState, event: EventByType[T], entry: TailEntry, change: Change) => void;

/** What each event does to the keys; the others do nothing but enter the ledger, where they belong there. */
const folders: { readonly [T in EventType]?: Folder<T> } = {
  'run.started': (state, event, _, change) => {
    state.desk = event.desk;
    state.runId = event.runId;
    state.kind = event.kind;
    state.balance = event.startBalance;
    engage(state, change);
  },
  'policy.changed': (state, event, entry, change) => changePolicy(state, event, entry, change),
  'instrument.listed': (state, event) => listInstrument(state, event),
  'warmup.completed': (state, event, _, change) => {
    state.isWarm = true;
    hydrateManifolds(state, event.at, change);
    writeBudget(state, event.at, change);
  },
  'time.ticked': (state, event, _, change) => writeBudget(state, event.at, change),
  'bar.closed': (state, bar, _, change) => takeBar(state, bar, change),
  'quote.updated': (state, event) => followQuote(state, event),
  'manifold.published': (state, event, _, change) => {
    const market = state.markets[event.instrument];
    if (market === undefined) return;
    const { type: _type, ...manifold } = event;
    state.manifolds[event.instrument] = manifold;
    writeSignal(market, event, change);
    if (state.isWarm) writeManifold(state, manifold, LAST_LIFE_MS, change);
  },
  'evaluation.completed': (state, event, _, change) => writeEvaluation(state, event, change),
  'gates.published': (state, event, _, change) => writeGates(state, event.document, change),
  'weights.published': (state, event, _, change) => writeWeights(state, event, change),
  'kill.engaged': (state, _event, _entry, change) => engage(state, change),
  'kill.released': (state) => {
    state.isReleasePending = true;
  },
  'account.closedOut': (state, _event, _entry, change) => engage(state, change),
  'order.submitted': (state, event) => noteSubmission(state, event),
  'order.accepted': (state, event, _, change) => noteAcceptance(state, event, change),
  'order.amended': (state, event, _, change) => noteAmendment(state, event, change),
  'order.filled': (state, event, entry, change) => writeFill(state, event, entry, change),
  'order.rejected': (state, event, _, change) => noteEnd(state, event, change),
  'order.canceled': (state, event, _, change) => noteEnd(state, event, change),
  'order.expired': (state, event, _, change) => noteEnd(state, event, change),
  'financing.charged': (state, event) => {
    state.balance = event.balance;
  },
  'venue.reconciled': (state, event, entry, change) => adoptReport(state, event, entry, change),
  'roundTrip.closed': (state, event, _, change) => writeRoundTrip(state, event, change),
};

/** An engaged switch is told at once. */
function engage(state: KeysState, change: Change): void {
  state.isReleasePending = false;
  change(killKey(true));
}

function killKey(isEngaged: boolean): KeyChange {
  return { type: 'set', key: 'ops:kill_switch', value: isEngaged ? '1' : '0', ttlMs: null };
}

function listInstrument(state: KeysState, { instrument, priceBasis }: EventByType['instrument.listed']): void {
  if (state.markets[instrument.id] !== undefined) return;
  state.markets[instrument.id] = {
    instrument,
    priceBasis,
    bidPrice: 0,
    askPrice: 0,
    quoteAt: 0,
    isQuoteDerived: true,
    openAts: [],
    closes: [],
    sweptTo: null,
  };
  state.instrumentIds = Object.keys(state.markets).sort();
}

function takeBar(state: KeysState, bar: EventByType['bar.closed'], change: Change): void {
  const market = marketOfBar(state, bar);
  if (market === undefined) return;
  writeCandle(market, bar, change);
  rememberBar(market, bar);
  followBar(state, market, bar);
  markTrade(state, bar, change);
}
