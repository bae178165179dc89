import { assert, present } from '#base/assert.ts';
import { draw, type Random } from '#base/random.ts';

export const regimeNames = ['calm', 'trending', 'choppy', 'rupture'] as const;
export type RegimeName = (typeof regimeNames)[number];

/**
 * How a currency moves while a regime lasts. `volatility` multiplies the currency's own; `drift` is the steady move of a minute in units of
 * that volatility, along the regime's direction; `pull` is the share by which a minute brings the rate back to where the regime began.
 */
export interface RegimeTraits {
  readonly volatility: number;
  readonly drift: number;
  readonly pull: number;
  readonly meanMinutes: number;
  /** How much wider spreads are. */
  readonly spreadFactor: number;
  /** What follows, with its probability; a regime never follows itself. */
  readonly next: readonly (readonly [RegimeName, number])[];
}

/**
 * The seeded semi-Markov chain of a currency's regimes. The drift of `trending` is the planted edge: it persists for hours, so whoever
 * follows it early earns more than the spread. It proves plumbing, never profit.
 */
export const regimeTraits: Readonly<Record<RegimeName, RegimeTraits>> = {
  calm: {
    volatility: 0.7,
    drift: 0,
    pull: 0,
    meanMinutes: 180,
    spreadFactor: 1,
    next: [
      ['trending', 0.8],
      ['choppy', 0.15],
      ['rupture', 0.05],
    ],
  },
  trending: {
    volatility: 0.7,
    drift: 0.42,
    pull: 0,
    meanMinutes: 240,
    spreadFactor: 1,
    next: [
      ['calm', 0.65],
      ['choppy', 0.25],
      ['rupture', 0.1],
    ],
  },
  choppy: {
    volatility: 1.1,
    drift: 0,
    pull: 0.04,
    meanMinutes: 120,
    spreadFactor: 1,
    next: [
      ['calm', 0.25],
      ['trending', 0.7],
      ['rupture', 0.05],
    ],
  },
  rupture: {
    volatility: 2.6,
    drift: 0,
    pull: 0,
    meanMinutes: 15,
    spreadFactor: 2.5,
    next: [
      ['calm', 0.2],
      ['trending', 0.4],
      ['choppy', 0.4],
    ],
  },
};

/** A regime in force: `direction` is that of its drift, `anchor` the log rate where it began. */
export interface Regime {
  readonly name: RegimeName;
  readonly direction: 1 | -1;
  readonly anchor: number;
  minutesLeft: number;
}

/** The first regime of a stream. */
export function firstRegime(random: Random, anchor: number): Regime {
  const names: readonly RegimeName[] = ['calm', 'trending', 'choppy'];
  const name = present(names[Math.floor(draw(random, 'first regime') * names.length)], 'first regime');
  return enterRegime(random, name, anchor);
}

/** The regime that follows; what follows depends on the present one alone, how long it lasts on the one that comes. */
export function nextRegime(random: Random, regime: Regime, anchor: number): Regime {
  let chance = draw(random, 'next regime');
  for (const [name, probability] of regimeTraits[regime.name].next) {
    if (chance < probability) return enterRegime(random, name, anchor);
    chance -= probability;
  }
  const [last] = present(regimeTraits[regime.name].next.at(-1), 'last possible regime');
  return enterRegime(random, last, anchor);
}

/** A regime lasts at least a third of its mean; the rest is drawn without memory. */
function enterRegime(random: Random, name: RegimeName, anchor: number): Regime {
  const { meanMinutes } = regimeTraits[name];
  const least = meanMinutes / 3;
  const minutesLeft = Math.ceil(least - Math.log(1 - draw(random, 'regime length')) * (meanMinutes - least));
  assert(minutesLeft > 0, `a regime lasts at least a minute, found '${minutesLeft}'`);
  return { name, direction: draw(random, 'regime direction') < 0.5 ? -1 : 1, anchor, minutesLeft };
}
