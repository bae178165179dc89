import { z } from 'zod';
import type { Event, EventByType, EventType } from '#domain/events.ts';
import type { Signal } from '#domain/pipeline.ts';
import { defineModule, type Module } from '#engine/module.ts';
import type { EvaluatorState } from '#modules/rolling-evaluator/evaluator-state.ts';
import { barOf, createDeskFixture, type DeskFixture, type FixtureOptions, fixtureAt } from './desk-fixture.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Signals a long wish for every listed instrument at every decision, so that a gate always has something to judge. */
export const alwaysLong = defineModule<Record<string, never>, Record<string, never>>({
  name: 'always-long',
  displayName: 'Always long',
  purpose: 'Wishes to be long everywhere.',
  parameters: z.strictObject({}),
  initialState: () => ({}),
  propose: {
    signal: (value, _, context) => {
      const signals = context.universe.map(
        (instrument): Signal => ({
          instrument,
          direction: 'long',
          confidence: 1,
          strategy: 'combined',
          reason: 'always',
          sizeFraction: 1,
        }),
      );
      return { value: [...value, ...signals], entries: [] };
    },
  },
});

/** Legs of an hour, up and down: what a strategy that follows the slope gains on. `step` is the ticks a minute. */
export function legsPrice(minute: number, step: number): number {
  const phase = ((minute % 120) + 120) % 120;
  return 110_000 + step * (phase < 60 ? phase : 120 - phase);
}

/** Gains on hourly legs under guards that let everything pass. */
export const legsStrategy = {
  deltaCoherenceMode: 'off',
  exitSlopeEnabled: true,
  bracketMode: 'fixed',
  stopLossPips: 30,
  gapHoldBars: 0,
};

export interface EvaluatorDeskOptions extends FixtureOptions {
  /** Days of history before the desk is warm. */
  readonly historyDays?: number;
  /** Ticks a minute of each symbol's legs; 0 is a market that stands still. */
  readonly steps?: Readonly<Record<string, number>>;
  /** The close of every pair by the minute since the epoch, in place of legs. */
  readonly priceAt?: (minute: number) => number;
}

/** A desk whose history ends on Wednesday 2026-01-14 12:00 UTC. */
export interface EvaluatorDesk {
  readonly desk: DeskFixture;
  /** Lets minutes pass, each with its bars and a decision; returns the events of that time. */
  minutes(count: number): Event[];
  /** The events of one type since the desk was warm. */
  all<T extends EventType>(type: T): EventByType[T][];
}

export function createEvaluatorDesk(modules: readonly Module[], options: EvaluatorDeskOptions = {}): EvaluatorDesk {
  const { historyDays = 1, steps = { EUR_USD: 3 } } = options;
  const desk = createDeskFixture(modules, {
    ...options,
    symbols: Object.keys(steps),
    startAt: fixtureAt - historyDays * dayMs,
    isWarm: false,
    policies: { ...options.policies, strategy: { ...legsStrategy, ...options.policies?.['strategy'] } },
  });
  const closeBars = (closedAt: number): void => {
    for (const [symbol, step] of Object.entries(steps).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const minute = Math.floor(closedAt / minuteMs);
      desk.send(barOf(symbol, options.priceAt?.(minute) ?? legsPrice(minute, step), closedAt));
    }
  };
  for (let at = fixtureAt - historyDays * dayMs + minuteMs; at <= fixtureAt; at += minuteMs) closeBars(at);
  desk.at = fixtureAt;
  desk.send({ type: 'warmup.completed', at: desk.at, bars: historyDays * 1440 });
  desk.events.length = 0;
  return {
    desk,
    minutes: (count) => {
      const before = desk.events.length;
      for (let minute = 0; minute < count; minute += 1) {
        desk.tick(30_000);
        desk.at += 30_000;
        desk.send({ type: 'time.ticked', at: desk.at });
        closeBars(desk.at);
      }
      return desk.events.slice(before);
    },
    all: <T extends EventType>(type: T) => desk.events.filter((event): event is EventByType[T] => event.type === type),
  };
}

/** The evaluator's own state, as it stands in the engine. */
export function evaluatorState({ desk }: EvaluatorDesk): EvaluatorState {
  return desk.engine.state.modules['rolling-evaluator'] as EvaluatorState;
}
