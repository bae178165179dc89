import { coinOfBaseCurrency, coinSymbol } from '#domain/coin-symbol.ts';

/**
 * What is searched for a coin: its tags, in English since the words are, without copies of others' posts. Undefined for what is not a
 * coin's symbol, so that nothing but letters and digits ever comes to stand in a query. Tags of digits alone mean something else there.
 */
export function searchQuery(symbol: string): string | undefined {
  const spelled = coinSymbol(symbol.trim());
  if (spelled === undefined || !/[A-Z]/.test(spelled)) return undefined;
  const coin = coinOfBaseCurrency(spelled);
  // Tags of money begin with a letter.
  const tags = /^[A-Z]/.test(coin) ? `($${coin} OR #${coin})` : `#${coin}`;
  return `${tags} lang:en -is:retweet`;
}
