import { positionOf } from './account-ledger.ts';
import { algoAcknowledgement, tellAlgo } from './algo-payloads.ts';
import { type AlgoOrder, type AlgoType, algoTypes, isAlgoIdTaken, keepAlgo, openAlgosOf } from './algo-store.ts';
import { isTouched } from './algo-trigger.ts';
import type { CallParameters } from './call-parameters.ts';
import { decimalParameter } from './decimal-parameter.ts';
import type { Market } from './markets.ts';
import { notionalRefusal, priceRefusal, quantityRefusal, statusRefusal } from './order-filters.ts';
import { algoCountRefusal, scriptedRefusal } from './order-placing.ts';
import { readClientId, readMarket, readSide, sideProblem } from './order-reading.ts';
import { isRefusal, malformedParameter, missingParameter, notRequired, type Refusal, refusals } from './refusals.ts';
import { nextAlgoId } from './venue-ids.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

/** Takes a conditional order: it waits in a family of its own until its price is touched. */
export function placeAlgo(world: World, parameters: CallParameters): { readonly [key: string]: WireJson } | Refusal {
  const algo = readAlgo(world, parameters);
  if (isRefusal(algo)) return algo;
  const isReducing = algo.isReduceOnly || algo.isClosePosition;
  const refusal = scriptedRefusal(world, isReducing) ?? refusalOf(world, algo);
  if (refusal !== undefined) return refusal;
  keepAlgo(world.algos, algo);
  const answer = algoAcknowledgement(algo);
  tellAlgo(world, algo);
  return answer;
}

function refusalOf(world: World, algo: AlgoOrder): Refusal | undefined {
  const { market, isClosePosition, isReduceOnly } = algo;
  const isReducing = isReduceOnly || isClosePosition;
  if (isAlgoIdTaken(world.algos, algo.clientAlgoId)) return refusals.duplicateId;
  return (
    statusRefusal(market, isReducing) ??
    boundRefusal(world, algo) ??
    (isClosePosition ? closeRefusal(world, algo) : quantityRefusal(market, algo.quantity, algo.price === 0)) ??
    (algo.triggerPrice === 0 ? undefined : priceRefusal(market, algo.triggerPrice)) ??
    (algo.price === 0 ? undefined : priceRefusal(market, algo.price)) ??
    (isReducing ? undefined : notionalRefusal(world, market, algo.quantity, algo.price || algo.triggerPrice)) ??
    algoCountRefusal(world, algo) ??
    (isTouched(world, algo) ? refusals.wouldTrigger : undefined)
  );
}

/** One closing order of each kind and side stands at a time. It may wait for a position that is not there yet. */
function closeRefusal(world: World, algo: AlgoOrder): Refusal | undefined {
  const isStop = isStopType(algo.type);
  const standing = openAlgosOf(world.algos, algo.market).some(
    (other) => other.isClosePosition && other.side === algo.side && isStopType(other.type) === isStop,
  );
  return standing ? refusals.closeExists : undefined;
}

/** An order bound to a position needs one. */
function boundRefusal(world: World, { timeInForce, market }: AlgoOrder): Refusal | undefined {
  if (timeInForce !== 'GTE_GTC') return undefined;
  return positionOf(world.ledger, market.instrumentId).signedQuantity === 0 ? refusals.noPosition : undefined;
}

function isStopType(type: AlgoType): boolean {
  return type === 'STOP' || type === 'STOP_MARKET';
}

function readAlgo(world: World, parameters: CallParameters): AlgoOrder | Refusal {
  const market = readMarket(world, parameters);
  if (isRefusal(market)) return market;
  if (parameters.get('algoType') !== 'CONDITIONAL') return missingParameter('algoType');
  const side = readSide(parameters);
  if (typeof side !== 'string') return side;
  const type = readAlgoType(parameters.get('type'));
  if (typeof type !== 'string') return type;
  const problem = sideProblem(world, parameters) ?? closeProblem(parameters, type);
  if (problem !== undefined) return problem;
  const clientAlgoId = readClientId(world, 'clientAlgoId', parameters);
  if (typeof clientAlgoId !== 'string') return clientAlgoId;
  const terms = readTerms(market, type, parameters);
  if (isRefusal(terms)) return terms;
  const kinds = readKinds(parameters);
  if (isRefusal(kinds)) return kinds;
  const now = serverNow(world);
  return {
    algoId: nextAlgoId(world.ids),
    clientAlgoId,
    market,
    side,
    type,
    ...terms,
    ...kinds,
    isReduceOnly: parameters.get('reduceOnly') === 'true',
    isClosePosition: parameters.get('closePosition') === 'true',
    isPriceProtected: parameters.get('priceProtect')?.toUpperCase() === 'TRUE',
    goodTillAt: Number(parameters.get('goodTillDate') ?? 0),
    createdAt: now,
    status: 'NEW',
    updatedAt: now,
    triggeredAt: 0,
    childOrderId: null,
    bestPrice: 0,
    hiddenUntilAt: now + world.script.hideOrdersMs,
    rejectReason: '',
  };
}

function readAlgoType(text: string | undefined): AlgoType | Refusal {
  if (text === undefined || text === '') return missingParameter('type');
  return isAlgoType(text) ? text : refusals.badOrderType;
}

function isAlgoType(text: string): text is AlgoType {
  return algoTypes.includes(text);
}

function closeProblem(parameters: CallParameters, type: AlgoType): Refusal | undefined {
  if (parameters.get('closePosition') !== 'true') return undefined;
  if ((parameters.get('quantity') ?? '') !== '') return refusals.closeWithQuantity;
  if (parameters.has('reduceOnly')) return notRequired('reduceOnly');
  return type === 'STOP_MARKET' || type === 'TAKE_PROFIT_MARKET' ? undefined : notRequired('closePosition');
}

type Kinds = Pick<AlgoOrder, 'timeInForce' | 'workingType'>;

function readKinds(parameters: CallParameters): Kinds | Refusal {
  const timeInForce = parameters.get('timeInForce') ?? 'GTC';
  const workingType = parameters.get('workingType') ?? 'CONTRACT_PRICE';
  if (!isAlgoTime(timeInForce)) return refusals.badTimeInForce;
  if (workingType !== 'CONTRACT_PRICE' && workingType !== 'MARK_PRICE') return malformedParameter('workingType');
  return { timeInForce, workingType };
}

function isAlgoTime(text: string): text is AlgoOrder['timeInForce'] {
  return ['GTC', 'IOC', 'FOK', 'GTX', 'GTD', 'GTE_GTC'].includes(text);
}

type Terms = Pick<AlgoOrder, 'quantity' | 'price' | 'triggerPrice' | 'activatePrice' | 'callbackFraction'>;

function readTerms(market: Market, type: AlgoType, parameters: CallParameters): Terms | Refusal {
  const { quantityDecimals, priceDecimals } = market.instrument;
  const isClosing = parameters.get('closePosition') === 'true';
  const isTrailing = type === 'TRAILING_STOP_MARKET';
  const hasLimit = type === 'STOP' || type === 'TAKE_PROFIT';
  const read = (name: string, decimals: number, isNeeded: boolean): number | Refusal => {
    const text = parameters.get(name);
    return text === undefined && !isNeeded ? 0 : decimalParameter(name, text, decimals);
  };
  const quantity = read('quantity', quantityDecimals, !isClosing);
  if (typeof quantity !== 'number') return quantity;
  const price = hasLimit ? read('price', priceDecimals, true) : 0;
  if (typeof price !== 'number') return price;
  const triggerPrice = isTrailing ? 0 : read('triggerPrice', priceDecimals, true);
  if (typeof triggerPrice !== 'number') return triggerPrice;
  const activatePrice = isTrailing ? read('activatePrice', priceDecimals, false) : 0;
  if (typeof activatePrice !== 'number') return activatePrice;
  // A rate of 1 is one percent; it has one decimal and goes from 0.1 to 10.
  const callbackTenths = isTrailing ? read('callbackRate', 1, true) : 0;
  if (typeof callbackTenths !== 'number') return callbackTenths;
  if (isTrailing && (callbackTenths < 1 || callbackTenths > 100)) return malformedParameter('callbackRate');
  return { quantity, price, triggerPrice, activatePrice, callbackFraction: callbackTenths / 1_000 };
}
