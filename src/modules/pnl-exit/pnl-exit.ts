import { z } from 'zod';
import { closeWhere } from '#domain/closing-changes.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { averagePrice } from '#domain/position.ts';
import { scaleOf } from '#domain/scale.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';
import { profitExit } from '#metrics/exit-rules.ts';

const parameters = z.strictObject({});
type Context = ModuleContext<Record<string, never>>;

/** Closes a position at a profit or a loss of a set size (FX desk specification g), at the price it could be closed at. */
export const pnlExit = defineModule<Record<string, never>, Record<string, never>>({
  name: 'pnl-exit',
  displayName: 'Profit and loss exit',
  purpose: 'Closes a position once its profit or its loss has reached the size the policy sets.',
  parameters,
  initialState: () => ({}),
  propose: {
    position: (value, _, context) =>
      closeWhere(value, context.held(), (instrument) => {
        const strategy = context.strategy(instrument);
        const profit = strategy.exitPnlEnabled ? profitOf(instrument, context) : undefined;
        const bound = profit === undefined ? undefined : profitExit(strategy, profit);
        return profit === undefined || bound === undefined ? undefined : { code: `exit-${bound}`, value: profit };
      }),
  },
});

/**
 * The unrealised profit in the unit the policy asks for: percent of the entry price, whole units of the account currency, or
 * percent of the margin used. Undefined while a price for it is missing.
 */
function profitOf(instrument: InstrumentId, context: Context): number | undefined {
  const market = context.view.markets[instrument];
  const position = context.view.positions[instrument];
  if (market === undefined || position === undefined || market.bidPrice <= 0) return undefined;
  const { signedQuantity } = position;
  switch (context.strategy(instrument).exitPnlUnit) {
    case 'price_pct': {
      const entryPrice = averagePrice(position);
      const gain = signedQuantity > 0 ? market.bidPrice - entryPrice : entryPrice - market.askPrice;
      return entryPrice > 0 ? (gain / entryPrice) * 100 : undefined;
    }
    case 'account_ccy':
      return context.positionProfit(instrument) / scaleOf(context.desk.moneyDecimals);
    case 'margin_pct': {
      const margin = Math.abs(signedQuantity) * (context.marginPerUnit(instrument) ?? 0);
      return margin > 0 ? (context.positionProfit(instrument) / margin) * 100 : undefined;
    }
  }
}
