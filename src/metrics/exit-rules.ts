/** Bounds of the profit exit, in the unit the strategy counts profit in; the loss is below 0. */
export interface ProfitExitSettings {
  readonly exitPnlTakeProfit: number;
  readonly exitPnlStopLoss: number;
}

/**
 * True where the price has turned against a position: `sign × slope ≤ −threshold` (FX desk specification g). `sign` is 1 for a long
 * position, −1 for a short one. With a threshold of 0 a price that has not moved closes too.
 */
export function slopeExit(sign: 1 | -1, slopeBps: number, thresholdBps: number): boolean {
  return sign * slopeBps <= -thresholdBps;
}

/** Which bound of the profit exit an open position has reached, both inclusive (FX desk specification g); undefined between them. */
export function profitExit(settings: ProfitExitSettings, profit: number): 'take-profit' | 'stop-loss' | undefined {
  if (profit >= settings.exitPnlTakeProfit) return 'take-profit';
  if (profit <= settings.exitPnlStopLoss) return 'stop-loss';
  return undefined;
}
