/** Coins of the simulated services, most sought first; figures of the size that such coins have. */
export interface TableCoin {
  readonly id: string;
  readonly symbol: string;
  readonly name: string;
  /** Null for one too small or too young to be ranked. */
  readonly marketCapRank: number | null;
  readonly marketCapUsd: number;
  readonly volumeUsd: number;
  readonly priceUsd: number;
  readonly changePercent: number;
}

export const coinTable: readonly TableCoin[] = [
  coin('pepe', 'PEPE', 'Pepe', [29, 4_980_123_456, 1_240_551_002, 0.00001184, 11.42]),
  coin('solana', 'SOL', 'Solana', [6, 84_210_771_300, 5_112_600_430, 178.21, 3.1]),
  coin('bitcoin', 'BTC', 'Bitcoin', [1, 1_312_458_991_120, 31_877_204_559, 66_741.18, 0.62]),
  coin('tether', 'USDT', 'Tether', [3, 112_004_118_230, 58_990_117_204, 1.0, 0.01]),
  coin('sui', 'SUI', 'Sui', [24, 7_204_118_003, 884_120_551, 2.14, -4.87]),
  coin('dogwifhat', 'WIF', 'dogwifhat', [51, 2_301_884_120, 410_227_918, 2.31, -9.05]),
  coin('newborn-coin', 'NEWB', 'Newborn Coin', [null, 0, 3_120_447, 0.0004, 214.6]),
  coin('ethereum', 'ETH', 'Ethereum', [2, 401_559_230_118, 14_220_881_907, 3_342.05, 1.27]),
  coin('chainlink', 'LINK', 'Chainlink', [15, 10_119_204_556, 402_118_904, 17.02, 2.2]),
  coin('usd-coin', 'USDC', 'USDC', [7, 33_110_204_118, 6_120_448_110, 1.0, 0.0]),
  coin('ripple', 'XRP', 'XRP', [5, 31_220_884_551, 1_410_229_301, 0.56, -0.9]),
  coin('binancecoin', 'BNB', 'BNB', [4, 87_220_118_445, 1_120_448_201, 591.2, 0.4]),
  coin('first-digital-usd', 'FDUSD', 'First Digital USD', [32, 3_301_228_114, 7_820_118_441, 1.0, 0.0]),
  coin('cardano', 'ADA', 'Cardano', [10, 15_220_448_119, 380_221_904, 0.43, 1.9]),
  coin('arbitrum', 'ARB', 'Arbitrum', [41, 3_120_884_500, 290_118_220, 1.01, -2.4]),
];

type Figures = readonly [
  rank: number | null,
  marketCapUsd: number,
  volumeUsd: number,
  priceUsd: number,
  changePercent: number,
];

function coin(id: string, symbol: string, name: string, figures: Figures): TableCoin {
  const [marketCapRank, marketCapUsd, volumeUsd, priceUsd, changePercent] = figures;
  return { id, symbol, name, marketCapRank, marketCapUsd, volumeUsd, priceUsd, changePercent };
}
