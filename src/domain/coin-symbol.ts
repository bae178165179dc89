/** A coin's symbol as we spell it, in capital letters; undefined for what is not 1 to 15 letters and digits. */
export function coinSymbol(text: string): string | undefined {
  // Checked before the change of case, since a few foreign letters become Latin ones by it.
  return /^[A-Za-z0-9]{1,15}$/.test(text) ? text.toUpperCase() : undefined;
}

/**
 * The coin behind a base currency. Contracts on cheap coins are sold by the thousand or million (`1000PEPE`, `1MBABYDOGE`,
 * `1000000MOG`), and the rest of the world calls the coin by its own name.
 */
export function coinOfBaseCurrency(baseCurrency: string): string {
  return /^(?:1000000|1000|1M)(?<coin>[A-Z][A-Z0-9]+)$/.exec(baseCurrency)?.groups?.['coin'] ?? baseCurrency;
}

/** Whether a coin is made to be worth a fixed sum of state money. Volume alone would rank these first, and nothing is to be won on them. */
export function isStableCoin(symbol: string): boolean {
  return symbol.includes('USD') || stableCoins.has(symbol);
}

/** Those that do not say so in their symbol. */
const stableCoins: ReadonlySet<string> = new Set([
  ...[
    'DAI',
    'SDAI',
    'FRAX',
    'FEI',
    'MIM',
    'RAI',
    'GHO',
    'BOLD',
    'DOLA',
    'USTC',
    'UST',
    'FLEXUSD',
    'HAY',
    'LISUSD',
    'BUIDL',
    'USYC',
  ],
  ...[
    'EURC',
    'EURT',
    'EURS',
    'EURI',
    'EURCV',
    'EURA',
    'AGEUR',
    'EURR',
    'AEUR',
    'GYEN',
    'XSGD',
    'BIDR',
    'IDRT',
    'BRZ',
    'TRYB',
    'JPYC',
  ],
]);
