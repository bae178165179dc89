import { z } from 'zod';
import type { DecisionEntry } from '#domain/events.ts';
import type { Target } from '#domain/pipeline.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';
import { marginOfBase, riskBudget } from '#metrics/risk-budget.ts';
import { unitsForMargin } from '#metrics/units-for-margin.ts';

const parameters = z.strictObject({
  /** Share of the account that the desk may use as margin. */
  targetFraction: z.number().gt(0).max(1).default(0.3),
  /** Share of its base that one position may use. */
  perPositionFraction: z.number().gt(0).max(1).default(0.1),
  /** What the share of one position is taken of: the budget, or all free margin. */
  perPositionBase: z.enum(['budget', 'margin']).default('budget'),
  /** `margin` shrinks the budget by what positions use, `equity` does not. */
  budgetBase: z.enum(['margin', 'equity']).default('margin'),
  /** Share of a position's cap that one decision may add. */
  rampStepFraction: z.number().gt(0).max(1).default(0.25),
  /** A change below this share of the target is not worth its spread. */
  rebalanceThreshold: z.number().min(0).max(1).default(0.02),
  /** Positions the budget is split among. */
  topK: z.int().min(1).max(8).default(3),
});
type Parameters = z.infer<typeof parameters>;
type Context = ModuleContext<Parameters>;

/**
 * Caps each position's margin, adds to it in steps and leaves small differences alone (FX desk specification f.1, f.3). Reductions
 * are taken whole; a target on the other side passes as it is, and the hard limits make it a close first.
 */
export const budgetRamp = defineModule<Record<string, never>, Parameters>({
  name: 'budget-ramp',
  displayName: 'Budget and ramp',
  purpose: 'Caps each position within the budget, builds it up in steps and ignores small differences.',
  parameters,
  initialState: () => ({}),
  propose: {
    allocation: (value, _, context) => {
      const money = moneyOf(context);
      const entries: DecisionEntry[] = [];
      const targets: Target[] = [];
      for (const target of value) {
        const { signedQuantity, code } = rampedQuantity(target, money, context);
        entries.push({ subject: target.instrument, code, value: signedQuantity ?? null });
        if (signedQuantity === undefined) continue;
        targets.push(signedQuantity === target.signedQuantity ? target : { ...target, signedQuantity });
      }
      const isSame = targets.length === value.length && targets.every((target, index) => target === value[index]);
      return { value: isSame ? value : targets, entries };
    },
  },
});

/** The budget and the cap of one position, money of the account. */
interface Money {
  readonly budget: number;
  readonly cap: number;
}

function moneyOf(context: Context): Money {
  const { targetFraction, perPositionFraction, perPositionBase, budgetBase, topK } = context.parameters();
  const figures = context.account();
  const { budget } = riskBudget(figures, targetFraction, budgetBase);
  const base = perPositionBase === 'budget' ? budget : marginOfBase(figures, budgetBase);
  return { budget, cap: Math.min(budget / topK, perPositionFraction * base) };
}

interface Ramped {
  /** Undefined where the position is kept as it is. */
  readonly signedQuantity: number | undefined;
  readonly code: 'as-is' | 'capped' | 'ramped' | 'dead-band' | 'no-price';
}

function rampedQuantity(target: Target, money: Money, context: Context): Ramped {
  const held = context.view.positions[target.instrument]?.signedQuantity ?? 0;
  const wanted = target.signedQuantity;
  const isOtherSide = wanted * held < 0;
  if (isOtherSide || (wanted === 0 && held !== 0)) return { signedQuantity: wanted, code: 'as-is' };
  const perUnit = context.marginPerUnit(target.instrument);
  if (perUnit === undefined || perUnit <= 0) {
    const isReduction = Math.abs(wanted) < Math.abs(held);
    return isReduction ? { signedQuantity: wanted, code: 'as-is' } : { signedQuantity: undefined, code: 'no-price' };
  }
  const { rampStepFraction, rebalanceThreshold } = context.parameters(target.instrument);
  const cap = unitsForMargin(Math.min(money.cap, target.sizeFraction * money.budget), perUnit);
  const capped = Math.min(Math.abs(wanted), cap);
  const change = capped - Math.abs(held);
  if (Math.abs(change) < Math.max(1, rebalanceThreshold * capped)) {
    return { signedQuantity: undefined, code: 'dead-band' };
  }
  const step = unitsForMargin(rampStepFraction * money.cap, perUnit);
  const quantity = Math.min(capped, Math.abs(held) + step);
  const signedQuantity = quantity === 0 ? 0 : Math.sign(wanted) * quantity;
  if (quantity < capped) return { signedQuantity, code: 'ramped' };
  return { signedQuantity, code: capped < Math.abs(wanted) ? 'capped' : 'as-is' };
}
