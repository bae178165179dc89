import type { Module } from '#engine/module.ts';
import { atrBracket } from './atr-bracket/atr-bracket.ts';
import { beforeCloseExit } from './before-close-exit/before-close-exit.ts';
import { budgetLimit } from './budget-limit/budget-limit.ts';
import { budgetRamp } from './budget-ramp/budget-ramp.ts';
import { combinedDirection } from './combined-direction/combined-direction.ts';
import { cooldownGate } from './cooldown-gate/cooldown-gate.ts';
import { freshness } from './freshness/freshness.ts';
import { manifoldGuards } from './manifold-guards/manifold-guards.ts';
import { marginGate } from './margin-gate/margin-gate.ts';
import { marginOverload } from './margin-overload/margin-overload.ts';
import { marketBracket } from './market-bracket/market-bracket.ts';
import { pairList } from './pair-list/pair-list.ts';
import { parameterSelection } from './parameter-selection/parameter-selection.ts';
import { pnlExit } from './pnl-exit/pnl-exit.ts';
import { pulseTrader } from './pulse-trader/pulse-trader.ts';
import { rollingEvaluator } from './rolling-evaluator/rolling-evaluator.ts';
import { sessionCalendar } from './session-calendar/session-calendar.ts';
import { slopeExit } from './slope-exit/slope-exit.ts';
import { spreadGate } from './spread-gate/spread-gate.ts';
import { topKAllocator } from './top-k-allocator/top-k-allocator.ts';
import { valueAtRisk } from './value-at-risk/value-at-risk.ts';

/**
 * Every module of the house; to add one is to add its folder and its line here. The order is the one in which modules hear of
 * an event: those whose facts others read stand before them.
 */
export const modules: readonly Module[] = [
  sessionCalendar,
  rollingEvaluator,
  parameterSelection,
  pairList,
  combinedDirection,
  pulseTrader,
  manifoldGuards,
  freshness,
  spreadGate,
  marginGate,
  cooldownGate,
  atrBracket,
  topKAllocator,
  budgetRamp,
  budgetLimit,
  valueAtRisk,
  marketBracket,
  slopeExit,
  pnlExit,
  beforeCloseExit,
  marginOverload,
];
