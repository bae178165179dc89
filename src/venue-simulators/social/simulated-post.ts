import { createRandom, draw } from '#base/random.ts';

/** A post as the simulated service holds it. */
export interface SimulatedPost {
  readonly id: string;
  readonly authorId: string;
  readonly text: string;
  readonly createdAt: number;
}

export interface SimulatedCrowd {
  readonly symbol: string;
  readonly seed: number;
  /** The time of the latest post. */
  readonly untilAt: number;
  readonly count: number;
  /** The time between two posts. */
  readonly everyMs: number;
  /** The share of posts that praise the coin; the others run it down. */
  readonly praiseFraction: number;
}

const praise = ['breakout looks real', 'accumulating more', 'adoption is growing', 'strong support here', 'bullish'];
const blame = [
  'this will crash',
  'chart looks bearish',
  'insiders are dumping',
  'not buying this',
  'weak and overvalued',
];
const firstId = 1_700_000_000_000_000_000n;

/** A crowd's posts, newest first; the same seed gives the same posts. */
export function simulatedPosts({
  symbol,
  seed,
  untilAt,
  count,
  everyMs,
  praiseFraction,
}: SimulatedCrowd): SimulatedPost[] {
  const random = createRandom(seed, symbol);
  return Array.from({ length: count }, (_, place) => {
    const words = draw(random, 'mood') < praiseFraction ? praise : blame;
    const saying = words[Math.floor(draw(random, 'saying') * words.length)] ?? '';
    return {
      id: String(firstId + BigInt(count - place)),
      authorId: String(1_000 + Math.floor(draw(random, 'author') * count)),
      text: `$${symbol} ${saying} (${place})`,
      createdAt: untilAt - place * everyMs,
    };
  });
}
