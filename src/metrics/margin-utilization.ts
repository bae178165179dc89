/** Share of the margin that is in use, 0 to 1: `used ÷ (used + available)`, and 0 where there is neither (FX desk specification f.4). */
export function marginUtilization(figures: { readonly marginUsed: number; readonly marginAvailable: number }): number {
  const whole = figures.marginUsed + figures.marginAvailable;
  return whole === 0 ? 0 : figures.marginUsed / whole;
}
