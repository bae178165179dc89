/** One bar as the metrics read it: plain floats, never the integer prices of orders. A missing volume is 0. */
export interface Candle {
  /** Start of the bar, integer milliseconds UTC. */
  openAt: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}
