import { placeAlgo } from './algo-entry.ts';
import { algoReport } from './algo-payloads.ts';
import { type AlgoOrder, findAlgo, openAlgosOf } from './algo-store.ts';
import { endAlgo } from './algo-trigger.ts';
import type { CallParameters } from './call-parameters.ts';
import { readMarket } from './order-reading.ts';
import { isRefusal, missingParameter, type Refusal, refusals } from './refusals.ts';
import { bySymbol, type CallResult, type Route, type Routes, rowsIn, rowWindow } from './routes.ts';
import { serverNow, type World } from './world.ts';

/** Conditional orders: a family with ids, lists and a cancel-all of its own. */
export const algoRoutes: Routes = {
  'POST /fapi/v1/algoOrder': { ...signed(0, placeAlgo), orders: 1 },
  'DELETE /fapi/v1/algoOrder': signed(1, cancelAlgo),
  'GET /fapi/v1/algoOrder': signed(1, queryAlgo),
  'GET /fapi/v1/openAlgoOrders': signed(bySymbol(1, 40), listOpenAlgos),
  'GET /fapi/v1/allAlgoOrders': signed(5, listAllAlgos),
  'DELETE /fapi/v1/algoOpenOrders': signed(1, cancelAllAlgos),
};

function signed(weight: Route['weight'], act: Route['act']): Route {
  return { security: 'signed', weight, act };
}

function namedAlgo(world: World, call: CallParameters): AlgoOrder | Refusal | undefined {
  const algoId = call.get('algoId');
  const clientAlgoId = call.get('clientAlgoId');
  if (algoId === undefined && clientAlgoId === undefined) return missingParameter('algoId');
  return findAlgo(world.algos, { algoId, clientAlgoId });
}

/** The code of a success is a text here, and a number everywhere else. */
function cancelAlgo(world: World, call: CallParameters): CallResult {
  const algo = namedAlgo(world, call);
  if (algo !== undefined && isRefusal(algo)) return algo;
  if (algo !== undefined && algo.status === 'TRIGGERING') return refusals.stopTriggering;
  if (algo === undefined || !world.algos.open.has(algo.algoId)) return refusals.cancelUnknown;
  endAlgo(world, algo, 'CANCELED');
  return { algoId: algo.algoId, clientAlgoId: algo.clientAlgoId, code: '200', msg: 'success' };
}

function queryAlgo(world: World, call: CallParameters): CallResult {
  const algo = namedAlgo(world, call);
  if (algo !== undefined && isRefusal(algo)) return algo;
  return algo === undefined || isHidden(world, algo) ? refusals.noOrder : algoReport(world, algo);
}

function listOpenAlgos(world: World, call: CallParameters): CallResult {
  const market = call.has('symbol') ? readMarket(world, call) : undefined;
  if (market !== undefined && isRefusal(market)) return market;
  return openAlgosOf(world.algos, market)
    .filter((algo) => !isHidden(world, algo))
    .map((algo) => algoReport(world, algo));
}

function listAllAlgos(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  const found = [...world.algos.byId.values()].filter((algo) => algo.market === market && !isHidden(world, algo));
  const window = rowWindow(call, { usual: 500, most: 1_000 });
  return rowsIn(found, window, ({ createdAt }) => createdAt).map((algo) => algoReport(world, algo));
}

function cancelAllAlgos(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  for (const algo of openAlgosOf(world.algos, market)) endAlgo(world, algo, 'CANCELED');
  return { code: 200, msg: 'The operation of cancel all open order is done.' };
}

function isHidden(world: World, algo: AlgoOrder): boolean {
  return serverNow(world) < algo.hiddenUntilAt;
}
