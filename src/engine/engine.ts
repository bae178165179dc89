import { present } from '#base/assert.ts';
import { type Event, type EventType, isEventType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { type SlotName, slotNames } from '#domain/pipeline.ts';
import { cryptoPolicies } from '#domain/policies/crypto-policies.ts';
import { housePolicies, type PolicyDomain } from '#domain/policies.ts';
import { type AccountFigures, accountFigures, marginPerUnit, notionalPerUnit, positionProfit } from './account.ts';
import { closeAgo, highAgo, lowAgo, type Market, midPrice } from './market.ts';
import type { EvolveContext, Module } from './module.ts';
import { type PolicyDomains, type PolicyView, readPolicies, strategyOf } from './policy-view.ts';
import { cappedMode, type SlotCall, type SlotEntry } from './run-slot.ts';
import { addMissingParts, createState, type EngineState } from './state.ts';

/** Where every call of a decision is shown, changed or not; set only while a decision is explained. */
export type Trace = (call: SlotCall) => void;

/**
 * The engine: its state, the modules it may use, and what is worked out from the two. Only the state is remembered; the rest
 * is made anew from it.
 */
export interface Engine {
  state: EngineState;
  readonly modules: readonly Module[];
  readonly domains: PolicyDomains;
  policies: PolicyView | undefined;
  slots: Readonly<Record<SlotName, readonly SlotEntry[]>>;
  trace: Trace | undefined;
  /** What each module sees, by its name. */
  contexts: ReadonlyMap<string, EvolveContext<unknown>>;
  /** Codes each module calls quiet, by its name. */
  readonly quietCodes: ReadonlyMap<string, readonly string[]>;
  /** The modules that listen to each type of event, in the order they were given. */
  readonly evolvers: Readonly<Partial<Record<EventType, readonly ModuleEvolver[]>>>;
  /** Where facts go that a module publishes in the step at hand. */
  publish(fact: Event): void;
  /** Events folded by this engine object: figures worked out for one are not valid for the next. */
  applied: number;
  /** Reads policies and slots anew; called when the state is exchanged or a policy has changed. */
  refresh(): void;
}

interface ModuleEvolver {
  readonly name: string;
  readonly evolver: (state: unknown, event: Event, context: EvolveContext<unknown>) => void;
}

export function createEngine(modules: readonly Module[], state: EngineState = createState()): Engine {
  addMissingParts(state);
  const domains = policyDomains(modules);
  for (const module of modules) state.modules[module.name] ??= module.initialState();
  const engine: Engine = {
    state,
    modules,
    domains,
    policies: undefined,
    slots: emptySlots(),
    trace: undefined,
    contexts: new Map(),
    quietCodes: new Map(modules.map((module) => [module.name, module.quietCodes ?? []])),
    evolvers: listeners(modules),
    publish: () => undefined,
    applied: 0,
    refresh: () => refresh(engine),
  };
  engine.refresh();
  return engine;
}

/** Every domain of policies that an engine with these modules knows: the house's, those of the crypto desk, one for each module. */
export function policyDomains(modules: readonly Module[]): PolicyDomains {
  const domains: Record<string, PolicyDomain> = { ...housePolicies, ...cryptoPolicies };
  for (const { name, parameters, version, upgrades } of modules) {
    domains[name] = { schema: parameters, version: version ?? 1, upgrades: upgrades ?? [] };
  }
  return domains;
}

/** A desk acts once every policy it reads is there: the house's own and the parameters of each module. */
function refresh(engine: Engine): void {
  const policies = readPolicies(engine.state);
  const isWhole = engine.modules.every(
    (module) => engine.state.policies[`${module.name}/${engine.state.desk}`] !== undefined,
  );
  if (policies === undefined || !isWhole || engine.state.policies[`strategy/${engine.state.desk}`] === undefined)
    return;
  engine.policies = policies;
  engine.slots = placeModules(policies, engine.modules);
  engine.contexts = new Map(engine.modules.map((module) => [module.name, createContext(engine, policies, module)]));
}

function listeners(modules: readonly Module[]): Partial<Record<EventType, ModuleEvolver[]>> {
  const byType: Partial<Record<EventType, ModuleEvolver[]>> = {};
  for (const module of modules) {
    for (const [type, evolver] of Object.entries(module.evolve ?? {})) {
      if (!isEventType(type)) continue;
      const list = byType[type] ?? [];
      list.push({ name: module.name, evolver: evolver as ModuleEvolver['evolver'] });
      byType[type] = list;
    }
  }
  return byType;
}

function emptySlots(): Record<SlotName, SlotEntry[]> {
  const slots: Partial<Record<SlotName, SlotEntry[]>> = {};
  for (const name of slotNames) slots[name] = [];
  return slots as Record<SlotName, SlotEntry[]>;
}

function placeModules(policies: PolicyView, modules: readonly Module[]): Record<SlotName, SlotEntry[]> {
  const slots = emptySlots();
  const { desk } = policies;
  for (const slot of slotNames) {
    for (const name of desk.slots[slot] ?? []) {
      const module = modules.find((candidate) => candidate.name === name);
      if (module === undefined) continue;
      slots[slot].push({ module, mode: cappedMode(desk.modes[name] ?? 'ACTIVE', desk.modeCap) });
    }
  }
  return slots;
}

/** What a module sees; made once for each change of policy, since a step must not pay for it. */
export function contextFor(engine: Engine, name: string): EvolveContext<unknown> {
  return present(engine.contexts.get(name), `context of '${name}'`);
}

function createContext(engine: Engine, policies: PolicyView, module: Module): EvolveContext<unknown> {
  const { state } = engine;
  const own = policies.of(module.name);
  let figures: AccountFigures | undefined;
  let figuresOf = -1;
  return {
    view: state,
    get at(): number {
      return state.at;
    },
    parameters: (instrument?: InstrumentId) => (instrument === undefined ? own : policies.of(module.name, instrument)),
    strategy: (instrument?: InstrumentId) => strategyOf(policies, instrument),
    desk: policies.desk,
    limits: policies.limits,
    costs: policies.costs,
    get universe(): readonly InstrumentId[] {
      return state.instrumentIds;
    },
    account: () => {
      if (figures === undefined || figuresOf !== engine.applied) {
        figures = accountFigures(state, policies.desk);
        figuresOf = engine.applied;
      }
      return figures;
    },
    held: () => heldPositions(engine),
    closeAgo: (instrument, barsAgo) => remembered(engine, instrument, barsAgo, closeAgo),
    highAgo: (instrument, barsAgo) => remembered(engine, instrument, barsAgo, highAgo),
    lowAgo: (instrument, barsAgo) => remembered(engine, instrument, barsAgo, lowAgo),
    midPrice: (instrument) => midPrice(state.markets[instrument]),
    marginPerUnit: (instrument) => marginPerUnit(state, instrument, policies.desk),
    notionalPerUnit: (instrument) => notionalPerUnit(state, instrument, policies.desk),
    positionProfit: (instrument) => positionProfit(state, instrument, policies.desk),
    publish: (fact) => engine.publish(fact),
  };
}

function remembered(
  engine: Engine,
  instrument: InstrumentId,
  barsAgo: number,
  read: (market: Market, barsAgo: number) => number | undefined,
): number | undefined {
  const market = engine.state.markets[instrument];
  return market === undefined ? undefined : read(market, barsAgo);
}

function* heldPositions({ state }: Engine): Generator<readonly [InstrumentId, number], void, undefined> {
  for (const id of state.instrumentIds) {
    const signedQuantity = state.positions[id]?.signedQuantity ?? 0;
    if (signedQuantity !== 0) yield [id, signedQuantity];
  }
}
