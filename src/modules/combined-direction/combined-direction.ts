import { z } from 'zod';
import type { DecisionEntry } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Signal } from '#domain/pipeline.ts';
import type { StrategyPolicy } from '#domain/policies.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';
import {
  type DirectionCode,
  type DirectionReading,
  combinedDirection as directionOf,
} from '#metrics/combined-direction.ts';
import { calibratedLevels } from '#metrics/guard-levels.ts';

const parameters = z.strictObject({});
type Context = ModuleContext<Record<string, never>>;

/** What was found of one instrument: a direction, or why there is none. */
interface Finding {
  readonly code: DirectionCode | 'no-data' | 'no-window' | 'gap-hold' | 'uncalibrated';
  readonly sign: -1 | 0 | 1;
  readonly slopeBps: number | null;
  readonly confidence: number;
}

/**
 * Price slope and coherence delta, admitted by the coherence gate and confirmed by price (FX desk specification g). Every
 * listed instrument gets an entry with the reason for its direction and the slope in basis points.
 */
export const combinedDirection = defineModule<Record<string, never>, Record<string, never>>({
  name: 'combined-direction',
  displayName: 'Combined direction',
  purpose: 'Signals the direction of the price slope where the coherence of the window agrees.',
  parameters,
  quietCodes: ['slope', 'coherence', 'delta-coherence', 'unconfirmed'],
  initialState: () => ({}),
  propose: {
    signal: (value, _, context) => {
      const entries: DecisionEntry[] = [];
      const signals: Signal[] = [];
      for (const instrument of context.universe) {
        const finding = findingOf(instrument, context);
        entries.push({ subject: instrument, code: finding.code, value: finding.slopeBps });
        if (finding.sign === 0) continue;
        signals.push({
          instrument,
          direction: finding.sign > 0 ? 'long' : 'short',
          confidence: finding.confidence,
          strategy: 'combined',
          reason: 'combined-direction',
          sizeFraction: 1,
        });
      }
      return { value: signals.length === 0 ? value : [...value, ...signals], entries };
    },
  },
});

function findingOf(instrument: InstrumentId, context: Context): Finding {
  const strategy = context.strategy(instrument);
  const market = context.view.markets[instrument];
  if (market === undefined) return without('no-data');
  const { window, windowCount, history } = market.manifold;
  if (windowCount === 0) return without('no-window');
  if (market.barsSinceGap <= strategy.gapHoldBars) return without('gap-hold');
  const reading = readingOf(instrument, strategy, context);
  if (reading === undefined) return without('no-data');
  const levels = strategy.guardProfile === 'seed' ? strategy : calibratedLevels(history, strategy);
  if (levels === undefined) return without('uncalibrated');
  const { sign, slopeBps, code } = directionOf(reading, {
    thresholdBps: strategy.directionThresholdBps,
    minimumCoherence: levels.minimumCoherence,
    deltaMinimum: strategy.deltaCoherenceMinimum,
  });
  return { code, sign, slopeBps, confidence: Math.max(0, Math.min(1, window.coherence)) };
}

function without(code: Finding['code']): Finding {
  return { code, sign: 0, slopeBps: null, confidence: 0 };
}

/** What the direction is read from, or undefined while the market remembers too few bars. */
function readingOf(instrument: InstrumentId, strategy: StrategyPolicy, context: Context): DirectionReading | undefined {
  const close = context.closeAgo(instrument, 0);
  const closeBefore = context.closeAgo(instrument, strategy.directionLookback);
  const closePrevious = context.closeAgo(instrument, 1);
  const highPrevious = context.highAgo(instrument, 1);
  const lowPrevious = context.lowAgo(instrument, 1);
  const manifold = context.view.markets[instrument]?.manifold;
  if (close === undefined || closeBefore === undefined || manifold === undefined) return undefined;
  if (closePrevious === undefined || highPrevious === undefined || lowPrevious === undefined) return undefined;
  return {
    close,
    closeBefore,
    closePrevious,
    highPrevious,
    lowPrevious,
    coherence: manifold.window.coherence,
    deltaCoherence: deltaCoherence(manifold, strategy.deltaCoherenceMode),
  };
}

/** The change between the last two windows. The pattern's coherence is the default: the plain one follows the first bit alone. */
function deltaCoherence(
  manifold: Readonly<Context['view']['markets'][string]['manifold']>,
  mode: StrategyPolicy['deltaCoherenceMode'],
): number {
  if (manifold.windowCount < 2) return 0;
  switch (mode) {
    case 'pattern':
      return manifold.window.patternCoherence - manifold.previousPatternCoherence;
    case 'coherence':
      return manifold.window.coherence - manifold.previousCoherence;
    case 'off':
      return 0;
  }
}
