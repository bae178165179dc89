import type { CallParameters } from './call-parameters.ts';
import type { Refusal } from './refusals.ts';
import type { WireJson } from './wire-json.ts';
import type { World } from './world.ts';

/** What a call answers: anything that can be written, or why not. */
export type CallResult = WireJson | Refusal;

/** One endpoint of the venue. */
export interface Route {
  /** Whether it asks for nothing, for the key, or for a signature too. */
  readonly security: 'none' | 'key' | 'signed';
  /** What it takes of the address's minute. */
  readonly weight: number | ((parameters: CallParameters) => number);
  /** How many orders it counts as. */
  readonly orders?: number;
  act(world: World, parameters: CallParameters): CallResult;
}

/** Endpoints by method and path, with a space between. */
export type Routes = Readonly<Record<string, Route>>;

/** A weight that is smaller where one symbol is named. */
export function bySymbol(named: number, all: number): (parameters: CallParameters) => number {
  return (parameters) => (parameters.has('symbol') ? named : all);
}

/** A whole number of a call, undefined where it is missing or none. */
export function numberOf(parameters: CallParameters, name: string): number | undefined {
  const text = parameters.get(name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export interface RowWindow {
  readonly startAt: number;
  readonly endAt: number;
  readonly limit: number;
}

/** From when to when rows are asked for, and how many at most. */
export function rowWindow(parameters: CallParameters, limits: { usual: number; most: number }): RowWindow {
  return {
    startAt: numberOf(parameters, 'startTime') ?? -Infinity,
    endAt: numberOf(parameters, 'endTime') ?? Infinity,
    limit: Math.min(limits.most, numberOf(parameters, 'limit') ?? limits.usual),
  };
}

/** Rows of a window: from a given start on the earliest, without one the latest; always oldest first. */
export function rowsIn<T>(rows: readonly T[], window: RowWindow, atOf: (row: T) => number): T[] {
  const inside = rows.filter((row) => atOf(row) >= window.startAt && atOf(row) <= window.endAt);
  return window.startAt === -Infinity ? inside.slice(-window.limit) : inside.slice(0, window.limit);
}
