/** The account figures a budget is taken from, in money of the account. */
export interface BudgetFigures {
  readonly balance: number;
  readonly marginUsed: number;
  readonly marginAvailable: number;
}

/** `margin` counts what is still free, so open positions shrink the budget; `equity` counts what they use as well. */
export type BudgetBase = 'margin' | 'equity';

/** What the desk may use as margin, in money of the account: the snapshot that status pages show. */
export interface RiskBudget {
  readonly balance: number;
  readonly marginAvailable: number;
  readonly targetFraction: number;
  readonly budget: number;
}

/** The margin the base counts as the desk's own, never below zero. */
export function marginOfBase(figures: BudgetFigures, base: BudgetBase): number {
  const margin = base === 'margin' ? figures.marginAvailable : figures.marginAvailable + figures.marginUsed;
  return Math.max(0, margin);
}

/** `budget = targetFraction × min(balance, margin)` (FX desk specification f.1); an account below zero has no budget. */
export function riskBudget(figures: BudgetFigures, targetFraction: number, base: BudgetBase = 'margin'): RiskBudget {
  const { balance, marginAvailable } = figures;
  const budget = Math.max(0, Math.min(balance, marginOfBase(figures, base))) * targetFraction;
  return { balance, marginAvailable, targetFraction, budget };
}
