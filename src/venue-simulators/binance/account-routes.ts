import { tellSettings } from './account-events.ts';
import type { IncomeRow, TradeRow } from './account-ledger.ts';
import { positionOf } from './account-ledger.ts';
import {
  account,
  accountSettings,
  balances,
  bracketTable,
  holdings,
  isHeld,
  positionRisk,
  symbolConfig,
} from './account-payloads.ts';
import { openAlgosOf } from './algo-store.ts';
import type { CallParameters } from './call-parameters.ts';
import { LEVERAGE_MAX, type Market } from './markets.ts';
import { positionNotionalMax } from './order-filters.ts';
import { readMarket } from './order-reading.ts';
import { openOrdersOf } from './order-store.ts';
import { isRefusal, malformedParameter, missingParameter, type Refusal, refusals } from './refusals.ts';
import { type CallResult, numberOf, type Route, type Routes, rowsIn, rowWindow } from './routes.ts';
import type { WireJson } from './wire-json.ts';
import type { World } from './world.ts';

/** The account: what it holds, what it earned and how it is set. */
export const accountRoutes: Routes = {
  'GET /fapi/v2/balance': signed(5, balances),
  'GET /fapi/v3/balance': signed(5, balances),
  'GET /fapi/v2/account': signed(5, (world) => account(world, 2)),
  'GET /fapi/v3/account': signed(5, (world) => account(world, 3)),
  'GET /fapi/v2/positionRisk': signed(5, (world, call) => listRisks(world, call, 2)),
  'GET /fapi/v3/positionRisk': signed(5, (world, call) => listRisks(world, call, 3)),
  'GET /fapi/v1/userTrades': signed(5, listTrades),
  'GET /fapi/v1/income': signed(30, listIncome),
  'GET /fapi/v1/accountConfig': signed(5, accountSettings),
  'GET /fapi/v1/symbolConfig': signed(5, (world, call) => eachMarket(world, call, symbolConfig)),
  'GET /fapi/v1/leverageBracket': signed(1, (world, call) => eachMarket(world, call, bracketTable)),
  'GET /fapi/v1/commissionRate': signed(20, commissionRate),
  'GET /fapi/v1/apiTradingStatus': signed(1, tradingStatus),
  // Of the wallet's host, which stands behind the same door here.
  'GET /sapi/v1/account/apiRestrictions': signed(1, keyRights),
  'POST /fapi/v1/leverage': signed(1, setLeverage),
  'POST /fapi/v1/marginType': signed(1, setMarginType),
  'GET /fapi/v1/positionSide/dual': signed(30, ({ ledger }) => ({ dualSidePosition: ledger.isHedged })),
  'POST /fapi/v1/positionSide/dual': signed(1, setPositionMode),
  'GET /fapi/v1/multiAssetsMargin': signed(30, ({ ledger }) => ({ multiAssetsMargin: ledger.isMultiAssets })),
  'POST /fapi/v1/multiAssetsMargin': signed(1, setMultiAssets),
};

const done = { code: 200, msg: 'success' };

function signed(weight: Route['weight'], act: Route['act']): Route {
  return { security: 'signed', weight, act };
}

function listRisks(world: World, call: CallParameters, version: 2 | 3): CallResult {
  const symbol = call.get('symbol');
  if (symbol !== undefined && !world.marketBySymbol.has(symbol)) return refusals.badSymbol;
  const all = holdings(world, symbol);
  return (version === 2 ? all : all.filter(isHeld)).map((holding) => positionRisk(world, holding, version));
}

function eachMarket(world: World, call: CallParameters, report: (market: Market) => WireJson): CallResult {
  if (!call.has('symbol')) return [...world.marketBySymbol.values()].map(report);
  const market = readMarket(world, call);
  return isRefusal(market) ? market : [report(market)];
}

const weekMs = 7 * 86_400_000;

/** Trades of at most a week; by order or from an id on where those are named. */
function listTrades(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  const window = rowWindow(call, { usual: 500, most: 1_000 });
  if (window.endAt !== Infinity && window.endAt - window.startAt > weekMs && window.startAt !== -Infinity) {
    return refusals.badRange;
  }
  const orderId = call.get('orderId');
  const fromId = numberOf(call, 'fromId');
  const found = world.ledger.trades.filter(
    (trade) =>
      trade.symbol === market.symbol &&
      (orderId === undefined || String(trade.orderId) === orderId) &&
      (fromId === undefined || trade.tradeId >= fromId),
  );
  const limited = fromId === undefined ? window : { ...window, startAt: Math.max(0, window.startAt) };
  return rowsIn(found, limited, ({ at }) => at).map(tradeReport);
}

function tradeReport(trade: TradeRow): WireJson {
  return {
    symbol: trade.symbol,
    id: trade.tradeId,
    orderId: trade.orderId,
    side: trade.side,
    price: trade.price,
    qty: trade.quantity,
    realizedPnl: trade.realizedPnl,
    quoteQty: trade.quoteQuantity,
    commission: trade.fee,
    commissionAsset: trade.feeAsset,
    time: trade.at,
    positionSide: 'BOTH',
    buyer: trade.side === 'BUY',
    maker: trade.isMaker,
  };
}

function listIncome({ ledger }: World, call: CallParameters): CallResult {
  const symbol = call.get('symbol');
  const type = call.get('incomeType');
  const found = ledger.incomes.filter(
    (row) => (symbol === undefined || row.symbol === symbol) && (type === undefined || row.incomeType === type),
  );
  return rowsIn(found, rowWindow(call, { usual: 100, most: 1_000 }), ({ at }) => at).map(incomeReport);
}

function incomeReport(row: IncomeRow): WireJson {
  return {
    symbol: row.symbol,
    incomeType: row.incomeType,
    income: row.income,
    asset: row.asset,
    info: row.incomeType,
    time: row.at,
    tranId: row.transactionId,
    tradeId: row.tradeId,
  };
}

function commissionRate(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  return {
    symbol: market.symbol,
    makerCommissionRate: (world.makerFeePpm / 1e6).toFixed(6),
    takerCommissionRate: (world.takerFeePpm / 1e6).toFixed(6),
    rpiCommissionRate: '0.000000',
  };
}

function tradingStatus({ ledger }: World): CallResult {
  return { indicators: {}, updateTime: ledger.updatedAt };
}

function keyRights({ ledger }: World): CallResult {
  return {
    ipRestrict: true,
    createTime: 1_569_398_400_000,
    enableReading: true,
    enableFutures: ledger.canTrade,
    enableWithdrawals: ledger.canWithdraw,
    enableInternalTransfer: false,
    enableSpotAndMarginTrading: false,
    enableVanillaOptions: false,
    enableMargin: false,
    permitsUniversalTransfer: false,
    enablePortfolioMarginTrading: false,
  };
}

/** The margin that the floor asks for follows the leverage. */
function setLeverage(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  const leverage = numberOf(call, 'leverage');
  if (leverage === undefined) return missingParameter('leverage');
  if (leverage < 1 || leverage > LEVERAGE_MAX) return refusals.leverage;
  const isHolding = positionOf(world.ledger, market.instrumentId).signedQuantity !== 0;
  if (market.isIsolated && isHolding && leverage < market.leverage) return refusals.isolatedLeverage;
  applyLeverage(world, market, leverage);
  return { leverage, maxNotionalValue: String(positionNotionalMax(leverage)), symbol: market.symbol };
}

/** Sets a market's leverage, whoever asked for it, and tells the account's stream. */
export function applyLeverage(world: World, market: Market, leverage: number): void {
  const isChange = market.leverage !== leverage;
  market.leverage = leverage;
  market.instrument = { ...market.instrument, marginRate: 1 / leverage };
  world.floor.setInstrument(market.instrument);
  if (isChange) tellSettings(world, { market });
}

function setMarginType(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  const marginType = call.get('marginType');
  if (marginType !== 'ISOLATED' && marginType !== 'CROSSED') return malformedParameter('marginType');
  const isIsolated = marginType === 'ISOLATED';
  if (isIsolated === market.isIsolated) return refusals.marginTypeSame;
  if (isIsolated && world.ledger.isMultiAssets) return refusals.multiAssetsIsolated;
  if (openOrdersOf(world.orders, market).length > 0) return refusals.marginTypeOrders;
  if (openAlgosOf(world.algos, market).length > 0) return refusals.marginTypeOrders;
  if (positionOf(world.ledger, market.instrumentId).signedQuantity !== 0) return refusals.marginTypePosition;
  market.isIsolated = isIsolated;
  return done;
}

function setPositionMode(world: World, call: CallParameters): CallResult {
  const wanted = flagOf(call, 'dualSidePosition');
  if (typeof wanted !== 'boolean') return wanted;
  if (wanted === world.ledger.isHedged) return refusals.positionModeSame;
  if (world.orders.open.size > 0 || world.algos.open.size > 0) return refusals.positionModeOrders;
  if (holdings(world).some(({ signedQuantity }) => signedQuantity !== 0)) return refusals.positionModePosition;
  world.ledger.isHedged = wanted;
  return done;
}

function setMultiAssets(world: World, call: CallParameters): CallResult {
  const wanted = flagOf(call, 'multiAssetsMargin');
  if (typeof wanted !== 'boolean') return wanted;
  if (wanted === world.ledger.isMultiAssets) return refusals.multiAssetsSame;
  const hasIsolated = [...world.marketBySymbol.values()].some(({ isIsolated }) => isIsolated);
  if (wanted && hasIsolated) return refusals.isolatedMultiAssets;
  world.ledger.isMultiAssets = wanted;
  tellSettings(world, { isMultiAssets: wanted });
  return done;
}

function flagOf(call: CallParameters, name: string): boolean | Refusal {
  const text = call.get(name)?.toLowerCase();
  if (text === undefined) return missingParameter(name);
  return text === 'true' || text === 'false' ? text === 'true' : malformedParameter(name);
}
