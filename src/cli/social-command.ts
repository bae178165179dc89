import { type Command, InvalidArgumentError } from 'commander';
import { coinSymbol } from '#domain/coin-symbol.ts';
import type {
  CoinCategory,
  CoinMarket,
  SentimentReading,
  SocialSource,
  SocialTrouble,
  TrendingCoin,
} from '#domain/social.ts';
import type { CommandContext } from './command-context.ts';
import { amountText, countText, percentText } from './figures.ts';
import type { Output } from './output.ts';
import { type SocialPlace, withSocial } from './social-sources.ts';

interface SocialArguments extends SocialPlace {
  readonly json?: boolean;
}

const symbolsMax = 50;

const help = `
What is told here is the crowd's word: names were written by strangers, and no figure is a reason to trade by itself.

Exit codes: 0 told; 1 nobody could tell anything; 2 wrong usage.`;

/** `social trending`, `markets`, `categories` and `sentiment`: what the crowd seeks, trades and says. */
export function registerSocial(program: Command, context: CommandContext): void {
  const { output, exitWith } = context;
  const group = program.command('social').description('show what the crowd seeks and says, from CoinGecko and X');
  question(group, 'trending', 'list the coins that are sought most').action((options: SocialArguments) =>
    withSocial(options, context, async ({ trending }) => {
      const list = await trending.trending();
      if (options.json === true) output.json(list);
      else printTrending(list.coins, output);
      exitWith(told(list, output));
    }),
  );
  question(group, 'markets', 'list the coins with the most volume').action((options: SocialArguments) =>
    withSocial(options, context, async ({ trending }) => {
      const list = await trending.markets();
      if (options.json === true) output.json(list);
      else printMarkets(list.coins, output);
      exitWith(told(list, output));
    }),
  );
  question(group, 'categories', 'list the kinds of coins by their worth').action((options: SocialArguments) =>
    withSocial(options, context, async ({ trending }) => {
      const list = await trending.categories();
      if (options.json === true) output.json(list);
      else printCategories(list.categories, output);
      exitWith(told(list, output));
    }),
  );
  question(group, 'sentiment', 'tell how the crowd talks of coins, from -1 to 1')
    .argument('<symbols...>', 'coins, as BTC ETH', withSymbol)
    .action((symbols: readonly string[], options: SocialArguments) =>
      withSocial(options, context, async ({ sentiment }) => {
        const readings: SentimentReading[] = [];
        for (const symbol of symbols) readings.push(await sentiment.sentiment(symbol));
        if (options.json === true) output.json({ readings });
        else printReadings(readings, output);
        exitWith(readings.some(({ source }) => source !== 'none') ? 0 : 1);
      }),
    );
}

function question(group: Command, name: string, description: string): Command {
  return group
    .command(name)
    .description(description)
    .option('--record <file>', 'keep the answers in a file, to be given again without a network')
    .option('--json', 'print everything as JSON')
    .addHelpText('after', help);
}

function withSymbol(text: string, before: readonly string[] = []): readonly string[] {
  const symbol = coinSymbol(text);
  if (symbol === undefined) throw new InvalidArgumentError('expected letters and digits as in BTC');
  if (before.includes(symbol)) throw new InvalidArgumentError(`expected each coin once, found '${symbol}' twice`);
  if (before.length >= symbolsMax) throw new InvalidArgumentError(`expected at most ${symbolsMax} coins`);
  return [...before, symbol];
}

interface Standing {
  readonly source: SocialSource;
  readonly quality: number;
  readonly ageMs: number;
  readonly trouble: SocialTrouble | null;
}

function told(standing: Standing, output: Output): number {
  const { source, quality, ageMs, trouble } = standing;
  const reason = trouble === null ? '' : `; trouble: ${troubleText(trouble)}`;
  output.note(`source '${source}', quality ${amountText(quality)}, ${countText(ageMs / 1_000)} s old${reason}`);
  return source === 'none' ? 1 : 0;
}

function troubleText(trouble: SocialTrouble): string {
  switch (trouble) {
    case 'noToken':
      return 'no token is set, X_BEARER_TOKEN names it';
    case 'refused':
      return 'the service refuses, which a wrong key may cause';
    case 'limited':
      return 'no calls are left at the moment';
    case 'unreachable':
      return 'the service cannot be reached';
    case 'unreadable':
      return 'the answer cannot be read';
  }
}

function printTrending(coins: readonly TrendingCoin[], output: Output): void {
  output.table(
    ['rank', 'coin', 'name', 'by worth', 'volume USD', '24 h'],
    coins.map((coin) => [
      ...[String(coin.rank), coin.symbol, coin.name, optional(coin.marketCapRank, String)],
      ...[optional(coin.volumeUsd, countText), optional(coin.changeFraction, percentText)],
    ]),
  );
}

function printMarkets(coins: readonly CoinMarket[], output: Output): void {
  output.table(
    ['rank', 'coin', 'name', 'volume USD', 'worth USD', '24 h'],
    coins.map((coin) => [
      ...[String(coin.rank), coin.symbol, coin.name, optional(coin.volumeUsd, countText)],
      ...[optional(coin.marketCapUsd, countText), optional(coin.changeFraction, percentText)],
    ]),
  );
}

function printCategories(categories: readonly CoinCategory[], output: Output): void {
  output.table(
    ['kind', 'worth USD', 'volume USD', '24 h'],
    categories.map(({ name, marketCapUsd, volumeUsd, changeFraction }) => [
      ...[name, optional(marketCapUsd, countText)],
      ...[optional(volumeUsd, countText), optional(changeFraction, percentText)],
    ]),
  );
}

function printReadings(readings: readonly SentimentReading[], output: Output): void {
  output.table(
    ['coin', 'score', 'quality', 'posts', 'authors', 'source', 'trouble'],
    readings.map((reading) => [
      ...[reading.symbol, amountText(reading.score), amountText(reading.quality)],
      ...[String(reading.postCount), String(reading.authorCount), reading.source],
      reading.trouble === null ? '' : troubleText(reading.trouble),
    ]),
  );
}

function optional(value: number | null, text: (value: number) => string): string {
  return value === null ? '-' : text(value);
}
