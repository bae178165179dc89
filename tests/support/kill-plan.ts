import { createRandom, draw, drawWord, type Random } from '#base/random.ts';

/** How often each target is killed: ten times, and two hundred where TRADEWIND_NIGHTLY is set. */
export const killsWanted: number = isSet('TRADEWIND_NIGHTLY') ? 200 : 10;

/** The seed of market and moments: TRADEWIND_KILL_SEED, and another one every time where that is not set. */
const killSeed: number = seedOf(process.env['TRADEWIND_KILL_SEED']);

/** The walk of a seed begins at a price that grows with it. */
const marketSeedMax = 50;

/** The moments of one scene, drawn from a seed. Processes take the time they take, so that a seed fixes when, but not quite where. */
export interface Moments {
  readonly seed: number;
  /** Seed of the market, another one for each scene. */
  readonly marketSeed: number;
  /** A wait, every length within the bounds as likely as another. */
  waitMs(fromMs: number, toMs: number): number;
  /** True so often out of one. */
  chance(share: number): boolean;
}

export function momentsOf(target: string, seed: number = killSeed): Moments {
  const random: Random = createRandom(seed, `kill/${target}`);
  return {
    seed,
    marketSeed: drawWord(random, 'market') % marketSeedMax,
    waitMs: (fromMs, toMs) => fromMs + (toMs - fromMs) * draw(random, 'wait'),
    chance: (share) => draw(random, 'chance') < share,
  };
}

/** How many kills each scene has, where so many at most are made in one. */
export function scenesOf(kills: number, perSceneMax: number): number[] {
  const scenes = Math.ceil(kills / perSceneMax);
  return Array.from({ length: scenes }, (_, scene) => Math.floor((kills + scene) / scenes));
}

function isSet(name: string): boolean {
  return ['1', 'true'].includes(process.env[name] ?? '');
}

function seedOf(text: string | undefined): number {
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text);
  return Math.floor(Math.random() * 1_000_000);
}
