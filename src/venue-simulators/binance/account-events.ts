import { formatScaled, scaleOf } from '#domain/scale.ts';
import { positionOf } from './account-ledger.ts';
import { positionAtMark } from './mark-price.ts';
import type { Market } from './markets.ts';
import { quantityText } from './markets.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

/** Why balances or positions moved, in the venue's words. */
export type AccountReason =
  | 'ORDER'
  | 'FUNDING_FEE'
  | 'DEPOSIT'
  | 'WITHDRAW'
  | 'MARGIN_TYPE_CHANGE'
  | 'ADJUSTMENT'
  | 'INSURANCE_CLEAR';

export interface AccountChange {
  readonly reason: AccountReason;
  /** Change of the balance that was no profit, loss or fee, in steps of money. */
  readonly balanceChange?: number;
  readonly market?: Market;
  /** Another asset that moved. */
  readonly otherAsset?: string;
}

/** Tells what moved at the account: the balance, and the position where one is named. What did not move is left out. */
export function tellAccount(world: World, change: AccountChange): void {
  const now = serverNow(world);
  const balances = [balanceEntry(world, change.balanceChange ?? 0)];
  if (change.otherAsset !== undefined) balances.push(otherEntry(world, change.otherAsset));
  const positions = change.market === undefined ? [] : [positionEntry(world, change.market)];
  world.user.send({ e: 'ACCOUNT_UPDATE', T: now, E: now, a: { m: change.reason, B: balances, P: positions } });
}

/** Tells a change of the account's settings: leverage of a market, or assets margined together. */
export function tellSettings(world: World, change: { market: Market } | { isMultiAssets: boolean }): void {
  const now = serverNow(world);
  const body: { [key: string]: WireJson } =
    'market' in change
      ? { ac: { s: change.market.symbol, l: change.market.leverage } }
      : { ai: { j: change.isMultiAssets } };
  world.user.send({ e: 'ACCOUNT_CONFIG_UPDATE', E: now, T: now, ...body });
}

/** Warns of a position whose margin comes to its end. */
export function tellMarginCall(world: World, market: Market, maintenance: number): void {
  const position = positionOf(world.ledger, market.instrumentId);
  const { markPrice, unrealizedPnl } = markFigures(world, market);
  const money = (steps: number): string => formatScaled(steps, world.ledger.moneyDecimals);
  world.user.send({
    e: 'MARGIN_CALL',
    E: serverNow(world),
    cw: money(world.ledger.balance),
    p: [
      {
        s: market.symbol,
        ps: 'BOTH',
        pa: quantityText(market, position.signedQuantity),
        mt: marginType(market),
        iw: '0',
        mp: markPrice,
        up: money(unrealizedPnl),
        mm: money(maintenance),
      },
    ],
  });
}

function balanceEntry({ ledger }: World, change: number): WireJson {
  const balance = formatScaled(ledger.balance, ledger.moneyDecimals);
  return { a: ledger.asset, wb: balance, cw: balance, bc: formatScaled(change, ledger.moneyDecimals) };
}

function otherEntry({ ledger }: World, asset: string): WireJson {
  const balance = formatScaled(ledger.otherAssets.get(asset) ?? 0, 8);
  return { a: asset, wb: balance, cw: balance, bc: '0' };
}

function positionEntry(world: World, market: Market): WireJson {
  const position = positionOf(world.ledger, market.instrumentId);
  const { unrealizedPnl, entryPrice } = markFigures(world, market);
  return {
    s: market.symbol,
    pa: quantityText(market, position.signedQuantity),
    ep: entryPrice,
    bep: entryPrice,
    cr: '0',
    up: formatScaled(unrealizedPnl, world.ledger.moneyDecimals),
    mt: marginType(market),
    iw: '0',
    ps: 'BOTH',
    ma: world.ledger.asset,
  };
}

function markFigures(world: World, market: Market) {
  const position = positionOf(world.ledger, market.instrumentId);
  const { unrealizedPnl, entryPrice, notional } = positionAtMark(world, market, position);
  const { instrument } = market;
  const held = Math.abs(position.signedQuantity) / scaleOf(instrument.quantityDecimals);
  const worth = Math.abs(notional) / scaleOf(world.ledger.moneyDecimals);
  return {
    unrealizedPnl,
    entryPrice: (entryPrice / scaleOf(instrument.priceDecimals)).toFixed(instrument.priceDecimals + 4),
    markPrice: (held === 0 ? 0 : worth / held).toFixed(8),
  };
}

function marginType({ isIsolated }: Market): string {
  return isIsolated ? 'isolated' : 'cross';
}
