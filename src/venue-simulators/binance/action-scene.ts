import { assert, present } from '#base/assert.ts';
import { parseDecimalText } from '#domain/decimal-text.ts';
import type { ActionName, ActionParameters } from './action-parameters.ts';
import type { Market } from './markets.ts';
import type { World } from './world.ts';

/** How each action is done; together the tables name every one. */
export type Actions<N extends ActionName> = {
  readonly [K in N]: (world: World, parameters: ActionParameters<K>) => void;
};

/** The market that an action names, or the first one listed. */
export function actionMarket({ marketBySymbol }: World, symbol: string | undefined): Market {
  const market = symbol === undefined ? [...marketBySymbol.values()][0] : marketBySymbol.get(symbol);
  assert(market !== undefined, `the venue lists no '${symbol ?? ''}'`);
  return market;
}

/** A figure of an action in steps of its decimals. */
export function actionSteps(text: string, decimals: number): number {
  return present(parseDecimalText(text, decimals), `'${text}' with ${decimals} decimals`);
}
