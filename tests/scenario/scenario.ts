import assert from 'node:assert/strict';
import type { Event, EventByType, EventType } from '#domain/events.ts';
import type { View } from '#engine/module.ts';

/** A part of a value: only what a row has something to say about. */
type Part<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Part<T[K]> } : T;

/** An event that a row expects: its type, and those fields that matter. */
export type Expected = { readonly [T in EventType]: readonly [T, Part<EventByType[T]>?] }[EventType];

/** A desk that a scenario is played on: it takes inputs and gives what they caused. */
export interface Stage {
  readonly view: View;
  readonly events: readonly Event[];
}

/** One row: what is done, in words and in deed, what it causes in order, and how the desk then stands. */
export interface Row<S extends Stage> {
  readonly when: string;
  readonly step: (stage: S) => unknown;
  readonly causes: readonly Expected[];
  /** Types that are usual noise and that this row wants to see. */
  readonly showing?: readonly EventType[];
  readonly so?: (view: View) => void;
}

/** What happens at every minute of a living desk; a row sees it only where it asks to. */
const usual: readonly EventType[] = ['time.ticked', 'bar.closed', 'module.decided', 'manifold.published'];

/** Plays the rows one after the other. A row that causes more or less than it says fails. */
export function play<S extends Stage>(stage: S, rows: readonly Row<S>[]): void {
  for (const row of rows) {
    const before = stage.events.length;
    row.step(stage);
    const showing = row.showing ?? [];
    const caused = stage.events.slice(before).filter(({ type }) => !usual.includes(type) || showing.includes(type));
    const types = row.causes.map(([type]) => type);
    assert.deepEqual(
      caused.map(({ type }) => type),
      types,
      `${row.when}: ${JSON.stringify(caused)}`,
    );
    row.causes.forEach(([, fields], index) => {
      if (fields !== undefined) assert.partialDeepStrictEqual(caused[index], fields, row.when);
    });
    row.so?.(stage.view);
  }
}
