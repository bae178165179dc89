import { FUNDING_MS, fundingRate, markPrices, quoteMoney } from './mark-price.ts';
import { serverNow, setTimer, type World } from './world.ts';

const timerName = 'funding';

/** Charges funding at every instant of it, for as long as the venue lives. */
export function startFunding(world: World): void {
  const now = serverNow(world);
  const at = (Math.floor(now / FUNDING_MS) + 1) * FUNDING_MS;
  setTimer(world, timerName, at - now, () => {
    world.floor.settle();
    chargeFunding(world, at);
    startFunding(world);
  });
}

/** Longs pay shorts where the rate is positive: quantity times mark times rate, rounded against the holder. */
function chargeFunding(world: World, at: number): void {
  for (const market of world.marketBySymbol.values()) {
    const { signedQuantity } = world.ledger.positions.get(market.instrumentId) ?? { signedQuantity: 0 };
    if (signedQuantity === 0) continue;
    const notional = quoteMoney(world, market, Math.round(signedQuantity * markPrices(world, market).markPrice));
    const amount = -Math.ceil(notional * fundingRate(world, market, at));
    world.floor.charge({ instrument: market.instrumentId, amount: amount === 0 ? 0 : amount, days: 0 });
  }
}
