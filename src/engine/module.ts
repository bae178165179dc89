import type { z } from 'zod';
import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { Costs } from '#domain/costs.ts';
import type { DecisionEntry, EventByType, EventType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { SlotName, SlotValues } from '#domain/pipeline.ts';
import type { DeskPolicy, LimitsPolicy, PolicyUpgrade, StrategyPolicy } from '#domain/policies.ts';
import type { AccountFigures } from './account.ts';
import type { View } from './state.ts';

export type { AccountFigures, View };

/** Facts that a module may publish; the engine folds them into the state that everyone sees. */
export type PublishedFact = EventByType[
  | 'evaluation.completed'
  | 'gates.published'
  | 'weights.published'
  | 'alert.raised'
  | 'alert.cleared'];

/**
 * What a module sees besides its own state: the view of the engine, the policies in force, and figures computed once a step.
 * Everything is read-only. A module has no other way to learn anything.
 */
export interface ModuleContext<P> {
  readonly view: View;
  /** Event time of the step, ms UTC. */
  readonly at: number;
  /** The module's own parameters, those of the instrument where they differ. */
  parameters(instrument?: InstrumentId): P;
  strategy(instrument?: InstrumentId): StrategyPolicy;
  readonly desk: DeskPolicy;
  readonly limits: LimitsPolicy;
  readonly costs: Costs;
  /** The desk's listed instruments, ascending by id. */
  readonly universe: readonly InstrumentId[];
  account(): AccountFigures;
  /** Open positions, ascending by instrument, with their signed quantities. */
  held(): Iterable<readonly [InstrumentId, number]>;
  /** The close, high or low of an instrument so many bars back (0 is the newest), undefined where it is not remembered. */
  closeAgo(instrument: InstrumentId, barsAgo: number): number | undefined;
  highAgo(instrument: InstrumentId, barsAgo: number): number | undefined;
  lowAgo(instrument: InstrumentId, barsAgo: number): number | undefined;
  /** Middle of the quote in ticks, undefined while there is none. */
  midPrice(instrument: InstrumentId): number | undefined;
  /** Initial margin of one quantity step in money, undefined while a price on the way is missing. */
  marginPerUnit(instrument: InstrumentId): number | undefined;
  /** Worth of one quantity step in money. */
  notionalPerUnit(instrument: InstrumentId): number | undefined;
  /** Unrealised profit of the position in money, at the closing side of the quote. */
  positionProfit(instrument: InstrumentId): number;
}

export interface EvolveContext<P> extends ModuleContext<P> {
  publish(fact: PublishedFact): void;
}

/** A module's answer: the slot's new value, and what it said of each subject. `reason` sums up an unusual call. */
export interface Proposal<K extends SlotName> {
  readonly value: SlotValues[K];
  readonly entries: readonly DecisionEntry[];
  readonly reason?: string;
}

type Evolve<S, P> = {
  readonly [T in EventType]?: (state: S, event: EventByType[T], context: EvolveContext<P>) => void;
};
type Propose<S, P> = {
  readonly [K in SlotName]?: (value: SlotValues[K], state: DeepReadonly<S>, context: ModuleContext<P>) => Proposal<K>;
};

/** A module as it is written: `S` is its own plain-data state, `P` its parameters. */
export interface ModuleSpec<S, P> {
  /** Kebab-case, the name of its folder and of its policy domain. */
  readonly name: string;
  readonly displayName: string;
  /** One sentence: what it decides. */
  readonly purpose: string;
  readonly parameters: z.ZodObject & z.ZodType<P>;
  readonly version?: number;
  readonly upgrades?: readonly PolicyUpgrade[];
  initialState(): S;
  readonly evolve?: Evolve<S, P>;
  readonly propose: Propose<S, P>;
  /** Codes that say nothing came of a subject. They explain a decision when it is traced but make no event; 'pass' always is one. */
  readonly quietCodes?: readonly string[];
  /** Events after which the protection slot asks this module; the clock's tick where nothing is said. */
  readonly protectsOn?: readonly EventType[];
}

/** A module as the engine holds it. The types of its state and parameters are known to itself alone. */
export interface Module extends Omit<ModuleSpec<unknown, unknown>, 'parameters' | 'propose' | 'evolve'> {
  readonly parameters: z.ZodObject;
  readonly propose: Propose<unknown, unknown>;
  readonly evolve?: Evolve<unknown, unknown>;
}

/** Turns a written module into one the engine can hold. The engine gives each module back its own state and parameters only. */
export function defineModule<S, P>(spec: ModuleSpec<S, P>): Module {
  return spec as unknown as Module;
}
