import type { TableCoin } from './coin-table.ts';

/** `/search/trending` as recorded: each coin wrapped, the place from 0, figures in `data` formatted for the eye. */
export function trendingBody(coins: readonly TableCoin[]): object {
  return { coins: coins.map(trendingEntry), nfts: [], categories: [{ id: 6, name: 'Layer 1 (L1)', slug: 'layer-1' }] };
}

/** `/coins/markets` as recorded; symbols are in lower case there. */
export function marketsBody(coins: readonly TableCoin[]): object[] {
  return coins.map((coin) => ({
    id: coin.id,
    symbol: coin.symbol.toLowerCase(),
    name: coin.name,
    image: `https://assets.coingecko.com/coins/images/1/large/${coin.id}.png`,
    current_price: coin.priceUsd,
    market_cap: coin.marketCapUsd,
    market_cap_rank: coin.marketCapRank,
    fully_diluted_valuation: coin.marketCapUsd,
    total_volume: coin.volumeUsd,
    high_24h: coin.priceUsd,
    low_24h: coin.priceUsd,
    price_change_percentage_24h: coin.changePercent,
    roi: null,
    last_updated: '2026-03-01T12:00:00.000Z',
  }));
}

/** `/coins/categories` as recorded, one of them without figures. */
export function categoriesBody(): object[] {
  return [
    category('layer-1', 'Layer 1 (L1)', [1_980_221_554_100.5, 0.72, 61_220_118_447.2]),
    category('meme-token', 'Meme', [58_220_884_119.1, 4.91, 8_120_448_220.9]),
    category('unmeasured', 'Unmeasured', [null, null, null]),
  ];
}

function category(id: string, name: string, figures: readonly (number | null)[]): object {
  const [market_cap, market_cap_change_24h, volume_24h] = figures;
  return {
    id,
    name,
    market_cap,
    market_cap_change_24h,
    content: '',
    top_3_coins_id: ['bitcoin', 'ethereum', 'solana'],
    volume_24h,
    updated_at: '2026-03-01T12:00:00.000Z',
  };
}

function trendingEntry(coin: TableCoin, score: number): object {
  const image = `https://assets.coingecko.com/coins/images/1/thumb/${coin.id}.png`;
  return {
    item: {
      id: coin.id,
      coin_id: 1_000 + score,
      name: coin.name,
      symbol: coin.symbol,
      market_cap_rank: coin.marketCapRank,
      ...{ thumb: image, small: image, large: image },
      slug: coin.id,
      price_btc: coin.priceUsd / 66_741.18,
      score,
      data: {
        price: coin.priceUsd < 0.001 ? '$0.0<sub title="small">4</sub>1184' : coin.priceUsd,
        price_change_percentage_24h: { usd: coin.changePercent, eur: coin.changePercent - 0.1 },
        market_cap: dollars(coin.marketCapUsd),
        total_volume: dollars(coin.volumeUsd),
        sparkline: `https://www.coingecko.com/coins/${1_000 + score}/sparkline.svg`,
        content: null,
      },
    },
  };
}

function dollars(amount: number): string {
  return `$${String(Math.round(amount)).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ',')}`;
}
