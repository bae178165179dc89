/** A figure as CoinGecko writes it for the eye, `$12,345,678.9`, or as a number; null for anything else, as a price in HTML. */
export function formattedFigure(value: number | string | null | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== 'string' || value.length > 60) return null;
  return /^\$?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/.test(value) ? Number(value.replaceAll(/[$,]/g, '')) : null;
}
