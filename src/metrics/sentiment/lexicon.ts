/** Words of the crowd with what they say of a coin, from -3, ruin, to 3, glory. In lower case, after normalising. Not here: words that go either way, as 'long', 'pump' or 'volatile'. */
export const lexicon: ReadonlyMap<string, number> = new Map<string, number>([
  ...weighed(3, 'ath moon mooning moonshot skyrocket skyrocketing parabolic 🚀'),
  ...weighed(
    2,
    'bullish bull bulls breakout rally rallying rallies soar soared soaring surge surged surging accumulate accumulating',
  ),
  ...weighed(
    2,
    'undervalued outperform outperforms outperforming adoption profitable gains profit profits win winning 📈 🐂 💎 🔥',
  ),
  ...weighed(
    1,
    'buy buying bought hodl hold holding up uptrend higher strong strength support recover recovered recovery rebound',
  ),
  ...weighed(
    1,
    'rebounding growth growing grow green good great love like solid confident confidence optimistic promising upgrade',
  ),
  ...weighed(
    1,
    'partnership approved approval inflow inflows listed listing gem best amazing excellent rise rising rose 👍 🟢 💪 🎉',
  ),
  ...weighed(
    -1,
    'sell selling sold down downtrend lower weak weakness resistance red bad poor dislike doubt doubtful worry worried',
  ),
  ...weighed(
    -1,
    'worrying risky drop dropped dropping drops fall falling fell decline declining declined outflow outflows delay delayed',
  ),
  ...weighed(
    -1,
    'delisting delisted overvalued disappointing disappointed lose losing loss losses slump slumping fear 👎 🔴 😢 🩸',
  ),
  ...weighed(
    -2,
    'bearish bear bears dump dumped dumping plunge plunged plunging tank tanked tanking panic capitulation liquidated',
  ),
  ...weighed(
    -2,
    'liquidation liquidations lawsuit sued banned ban ponzi worthless breakdown exploit exploited selloff dead 📉 🐻 💀',
  ),
  ...weighed(
    -3,
    'scam scammer scammers rug rugged rugpull rekt crash crashed crashing hack hacked hacking fraud bankrupt bankruptcy',
  ),
  ...weighed(-3, 'insolvent insolvency collapse collapsed collapsing stolen'),
]);

/** Words that turn what follows. */
export const negations: ReadonlySet<string> = new Set([
  ...'not no never none neither nor without hardly barely scarcely cannot cant wont dont doesnt didnt isnt arent wasnt werent aint'.split(
    ' ',
  ),
  ..."can't won't don't doesn't didn't isn't aren't wasn't weren't ain't shouldn't wouldn't couldn't shouldnt wouldnt couldnt".split(
    ' ',
  ),
]);

/** Words that make the next one weigh more or less. */
export const intensifiers: ReadonlyMap<string, number> = new Map<string, number>([
  ...weighed(1.3, 'very really extremely insanely super hugely massively totally absolutely so'),
  ...weighed(0.7, 'slightly somewhat barely kinda maybe perhaps possibly little'),
]);

function weighed(weight: number, words: string): (readonly [string, number])[] {
  return words.split(' ').map((word) => [word, weight] as const);
}
