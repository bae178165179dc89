import { formatScaled, scaleOf } from '#domain/scale.ts';
import { positionOf } from './account-ledger.ts';
import { markPrices, positionAtMark, quoteMoney } from './mark-price.ts';
import { finePriceText, type Market, quantityText } from './markets.ts';
import { leverageBrackets, maintenanceMargin, positionNotionalMax } from './order-filters.ts';
import { openOrdersOf } from './order-store.ts';
import type { WireJson } from './wire-json.ts';
import type { World } from './world.ts';

interface JsonObject {
  readonly [key: string]: WireJson;
}

/** One market of the account in steps of money, at the mark. */
interface Holding {
  readonly market: Market;
  readonly signedQuantity: number;
  readonly entryPrice: number;
  readonly notional: number;
  readonly unrealizedPnl: number;
  readonly initialMargin: number;
  readonly maintenance: number;
  readonly orderMargin: number;
  readonly bidNotional: number;
  readonly askNotional: number;
  readonly hasOrders: boolean;
}

interface Totals {
  readonly unrealizedPnl: number;
  readonly initialMargin: number;
  readonly orderMargin: number;
  readonly maintenance: number;
  readonly available: number;
}

/** Every market of the account, or those named. */
export function holdings(world: World, symbol?: string): Holding[] {
  const markets = [...world.marketBySymbol.values()].filter(
    (market) => symbol === undefined || market.symbol === symbol,
  );
  return markets.map((market) => holdingOf(world, market));
}

/** Version 3 lists only what is held or ordered, without leverage and margin type; version 2 lists everything with both. */
export function positionRisk(world: World, holding: Holding, version: 2 | 3): WireJson {
  const { market } = holding;
  const money = (steps: number): string => formatScaled(steps, world.ledger.moneyDecimals);
  const entryPrice = priceAverage(market, holding.entryPrice);
  const shared = {
    symbol: market.symbol,
    positionSide: 'BOTH',
    positionAmt: quantityText(market, holding.signedQuantity),
    entryPrice,
    breakEvenPrice: entryPrice,
    markPrice: finePriceText(market, markPrices(world, market).markPrice),
    unRealizedProfit: money(holding.unrealizedPnl),
    liquidationPrice: liquidationPrice(world, holding),
    notional: money(holding.notional),
    isolatedWallet: '0',
    updateTime: world.ledger.positionUpdatedAt.get(market.instrumentId) ?? 0,
  };
  if (version === 2)
    return { ...shared, ...settingsOf(market), isolatedMargin: '0.00000000', isAutoAddMargin: 'false' };
  return {
    ...shared,
    isolatedMargin: '0',
    marginAsset: world.ledger.asset,
    initialMargin: money(holding.initialMargin + holding.orderMargin),
    maintMargin: money(holding.maintenance),
    positionInitialMargin: money(holding.initialMargin),
    openOrderInitialMargin: money(holding.orderMargin),
    adl: holding.signedQuantity === 0 ? 0 : 2,
    bidNotional: money(holding.bidNotional),
    askNotional: money(holding.askNotional),
  };
}

export function isHeld(holding: Holding): boolean {
  return holding.signedQuantity !== 0 || holding.hasOrders;
}

/** Balances by asset: the account's own and whatever else lies there. */
export function balances(world: World): WireJson {
  const { ledger } = world;
  const { unrealizedPnl, available } = totalsOf(world, holdings(world));
  const money = (steps: number): string => formatScaled(steps, ledger.moneyDecimals);
  const own = balanceRow(
    ledger.asset,
    [money(ledger.balance), money(unrealizedPnl), money(available)],
    ledger.updatedAt,
  );
  const others = [...ledger.otherAssets].map(([asset, amount]) => {
    const text = formatScaled(amount, 8);
    return balanceRow(asset, [text, '0.00000000', text], ledger.updatedAt);
  });
  return [own, ...others];
}

/** The whole account: version 2 with every market and its settings, version 3 with what is held or ordered. */
export function account(world: World, version: 2 | 3): JsonObject {
  const { ledger } = world;
  const all = holdings(world);
  const totals = totalsOf(world, all);
  const money = (steps: number): string => formatScaled(steps, ledger.moneyDecimals);
  const listed = version === 2 ? all : all.filter(isHeld);
  return {
    ...(version === 2 ? accountSettings(world) : {}),
    totalInitialMargin: money(totals.initialMargin + totals.orderMargin),
    totalMaintMargin: money(totals.maintenance),
    totalWalletBalance: money(ledger.balance),
    totalUnrealizedProfit: money(totals.unrealizedPnl),
    totalMarginBalance: money(ledger.balance + totals.unrealizedPnl),
    totalPositionInitialMargin: money(totals.initialMargin),
    totalOpenOrderInitialMargin: money(totals.orderMargin),
    totalCrossWalletBalance: money(ledger.balance),
    totalCrossUnPnl: money(totals.unrealizedPnl),
    availableBalance: money(totals.available),
    maxWithdrawAmount: money(totals.available),
    assets: [
      assetRow(world, totals),
      ...[...ledger.otherAssets].map(([asset, amount]) => otherRow(world, asset, amount)),
    ],
    positions: listed.map((holding) => accountPosition(world, holding, version)),
  };
}

/** Rights and modes of the account. */
export function accountSettings({ ledger }: World): JsonObject {
  return {
    feeTier: 0,
    canTrade: ledger.canTrade,
    canDeposit: true,
    canWithdraw: ledger.canWithdraw,
    dualSidePosition: ledger.isHedged,
    multiAssetsMargin: ledger.isMultiAssets,
    tradeGroupId: -1,
    updateTime: 0,
  };
}

export function symbolConfig(market: Market): WireJson {
  return {
    symbol: market.symbol,
    marginType: market.isIsolated ? 'ISOLATED' : 'CROSSED',
    isAutoAddMargin: false,
    leverage: market.leverage,
    maxNotionalValue: String(positionNotionalMax(market.leverage)),
  };
}

export function bracketTable(market: Market): WireJson {
  let notionalFloor = 0;
  const brackets = leverageBrackets.map(({ leverage, notionalMax, maintenance, deduction }, index) => {
    const row = {
      bracket: index + 1,
      initialLeverage: leverage,
      notionalCap: notionalMax,
      notionalFloor,
      maintMarginRatio: maintenance,
      cum: deduction,
    };
    notionalFloor = notionalMax;
    return row;
  });
  return { symbol: market.symbol, notionalCoef: 1, brackets };
}

function holdingOf(world: World, market: Market): Holding {
  const position = positionOf(world.ledger, market.instrumentId);
  const { notional, unrealizedPnl, entryPrice } = positionAtMark(world, market, position);
  const open = openOrdersOf(world.orders, market);
  const worth = (side: 'BUY' | 'SELL'): number =>
    open
      .filter((order) => order.side === side && !order.isReduceOnly)
      .reduce((sum, order) => sum + (order.quantity - order.filledQuantity) * order.price, 0);
  const bidNotional = quoteMoney(world, market, worth('BUY'));
  const askNotional = quoteMoney(world, market, worth('SELL'));
  return {
    market,
    signedQuantity: position.signedQuantity,
    entryPrice,
    notional,
    unrealizedPnl,
    initialMargin: Math.round(Math.abs(notional) / market.leverage),
    maintenance: notional === 0 ? 0 : maintenanceMargin(Math.abs(notional), world.ledger.moneyDecimals),
    orderMargin: Math.round(Math.max(bidNotional, askNotional) / market.leverage),
    bidNotional,
    askNotional,
    hasOrders: open.length > 0,
  };
}

function totalsOf({ ledger }: World, all: readonly Holding[]): Totals {
  const sum = (of: (holding: Holding) => number): number => all.reduce((total, holding) => total + of(holding), 0);
  const unrealizedPnl = sum((holding) => holding.unrealizedPnl);
  const initialMargin = sum((holding) => holding.initialMargin);
  const orderMargin = sum((holding) => holding.orderMargin);
  const maintenance = sum((holding) => holding.maintenance);
  const available = Math.max(0, ledger.balance + unrealizedPnl - initialMargin - orderMargin);
  return { unrealizedPnl, initialMargin, orderMargin, maintenance, available };
}

/** Where the whole balance would be used up by this position alone; 0 where it never is. */
function liquidationPrice({ ledger }: World, holding: Holding): string {
  const { market, signedQuantity, maintenance, notional } = holding;
  if (signedQuantity === 0) return '0';
  const { priceDecimals, quantityDecimals } = market.instrument;
  const cushion = (ledger.balance + holding.unrealizedPnl - maintenance) / scaleOf(ledger.moneyDecimals);
  const held = Math.abs(signedQuantity) / scaleOf(quantityDecimals);
  const mark = Math.abs(notional) / scaleOf(ledger.moneyDecimals) / held;
  const price = mark - (Math.sign(signedQuantity) * cushion) / held;
  return price <= 0 ? '0' : price.toFixed(priceDecimals);
}

function balanceRow(
  asset: string,
  [balance, unrealizedPnl, available]: [string, string, string],
  at: number,
): WireJson {
  return {
    accountAlias: 'SgsR',
    asset,
    balance,
    crossWalletBalance: balance,
    crossUnPnl: unrealizedPnl,
    availableBalance: available,
    maxWithdrawAmount: available,
    marginAvailable: true,
    updateTime: at,
  };
}

function assetRow({ ledger }: World, totals: Totals): WireJson {
  const money = (steps: number): string => formatScaled(steps, ledger.moneyDecimals);
  return {
    asset: ledger.asset,
    walletBalance: money(ledger.balance),
    unrealizedProfit: money(totals.unrealizedPnl),
    marginBalance: money(ledger.balance + totals.unrealizedPnl),
    maintMargin: money(totals.maintenance),
    initialMargin: money(totals.initialMargin + totals.orderMargin),
    positionInitialMargin: money(totals.initialMargin),
    openOrderInitialMargin: money(totals.orderMargin),
    crossWalletBalance: money(ledger.balance),
    crossUnPnl: money(totals.unrealizedPnl),
    availableBalance: money(totals.available),
    maxWithdrawAmount: money(totals.available),
    marginAvailable: true,
    updateTime: ledger.updatedAt,
  };
}

/** Another asset margins nothing here. */
function otherRow({ ledger }: World, asset: string, amount: number): WireJson {
  const balance = formatScaled(amount, 8);
  const nothing = '0.00000000';
  return {
    asset,
    walletBalance: balance,
    unrealizedProfit: nothing,
    marginBalance: balance,
    maintMargin: nothing,
    initialMargin: nothing,
    positionInitialMargin: nothing,
    openOrderInitialMargin: nothing,
    crossWalletBalance: balance,
    crossUnPnl: nothing,
    availableBalance: balance,
    maxWithdrawAmount: balance,
    marginAvailable: true,
    updateTime: ledger.updatedAt,
  };
}

function accountPosition(world: World, holding: Holding, version: 2 | 3): WireJson {
  const { market } = holding;
  const money = (steps: number): string => formatScaled(steps, world.ledger.moneyDecimals);
  const shared = {
    symbol: market.symbol,
    positionSide: 'BOTH',
    positionAmt: quantityText(market, holding.signedQuantity),
    unrealizedProfit: money(holding.unrealizedPnl),
    notional: money(holding.notional),
    isolatedWallet: '0',
    initialMargin: money(holding.initialMargin + holding.orderMargin),
    maintMargin: money(holding.maintenance),
    updateTime: world.ledger.positionUpdatedAt.get(market.instrumentId) ?? 0,
  };
  if (version === 3) return { ...shared, isolatedMargin: '0' };
  return {
    ...shared,
    positionInitialMargin: money(holding.initialMargin),
    openOrderInitialMargin: money(holding.orderMargin),
    leverage: String(market.leverage),
    isolated: market.isIsolated,
    entryPrice: priceAverage(market, holding.entryPrice),
    breakEvenPrice: priceAverage(market, holding.entryPrice),
    maxNotional: String(positionNotionalMax(market.leverage)),
    bidNotional: money(holding.bidNotional),
    askNotional: money(holding.askNotional),
  };
}

function settingsOf(market: Market): JsonObject {
  return {
    leverage: String(market.leverage),
    maxNotionalValue: String(positionNotionalMax(market.leverage)),
    marginType: market.isIsolated ? 'isolated' : 'cross',
  };
}

function priceAverage({ instrument }: Market, ticks: number): string {
  return (ticks / scaleOf(instrument.priceDecimals)).toFixed(instrument.priceDecimals + 3);
}
