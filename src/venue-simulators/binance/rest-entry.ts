import type { HttpAnswer } from '#engine/ports.ts';
import type { WireReply, WireRequest } from '../wire-server.ts';
import { accountRoutes } from './account-routes.ts';
import { algoRoutes } from './algo-routes.ts';
import { type CallParameters, readParameters } from './call-parameters.ts';
import { listenKeyRoutes } from './listen-key-routes.ts';
import { marketRoutes } from './market-routes.ts';
import { orderCounts, orderRefusal, usedWeight, weightRefusal } from './rate-counters.ts';
import { isRefusal, type Refusal, refusals, refuse } from './refusals.ts';
import type { CallResult, Route, Routes } from './routes.ts';
import type { ScriptedResponse } from './script-switches.ts';
import { keyRefusal, signatureRefusal } from './signature-check.ts';
import { tradeRoutes } from './trade-routes.ts';
import { wireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

const routes: Routes = { ...marketRoutes, ...tradeRoutes, ...algoRoutes, ...accountRoutes, ...listenKeyRoutes };

/** Takes one request from the gate to the answer: limits, script, key, signature, order counts, and then what was asked. */
export function handleRequest(world: World, request: WireRequest, reply: WireReply): void {
  world.floor.settle();
  const route = routes[`${request.method} ${request.path}`];
  const parameters = readParameters(request.query, request.body ?? '');
  const refusal = gateRefusal(world, request, route, parameters);
  if (refusal !== undefined) {
    reply.answer(answerTo(world, request, route, refusal));
    return;
  }
  const scripted = takeScripted(world, request);
  if (scripted?.isCarriedOut === false) {
    reply.answer(scripted.answer);
    return;
  }
  const result = resultOf(world, request, { route, parameters });
  if (isLost(world, route, result)) reply.reset();
  else reply.answer(scripted?.answer ?? answerTo(world, request, route, result));
}

/** Weight is taken even by what is refused afterwards; who is banned gets no further. */
function gateRefusal(
  world: World,
  request: WireRequest,
  route: Route | undefined,
  parameters: CallParameters | undefined,
): Refusal | undefined {
  const weight = route === undefined ? 1 : weightOf(route, parameters);
  return weightRefusal(world.rates, request.address, weight, world.time.now());
}

function weightOf({ weight }: Route, parameters: CallParameters | undefined): number {
  return typeof weight === 'number' ? weight : weight(parameters ?? new Map());
}

interface Asked {
  readonly route: Route | undefined;
  readonly parameters: CallParameters | undefined;
}

function resultOf(world: World, request: WireRequest, { route, parameters }: Asked): CallResult {
  const { method, path } = request;
  if (route === undefined || request.host !== 'rest') {
    return refuse(-5000, `Path ${path}, Method ${method} is invalid`, 404);
  }
  if (parameters === undefined) return refusals.badCharacters;
  const refusal = accessRefusal(world, request, route, parameters) ?? countRefusal(world, route, parameters);
  return refusal ?? route.act(world, parameters);
}

function accessRefusal(
  world: World,
  request: WireRequest,
  { security }: Route,
  parameters: CallParameters,
): Refusal | undefined {
  if (security === 'none') return undefined;
  const apiKey = request.headers['x-mbx-apikey'];
  const refusal = keyRefusal(apiKey, world.key, world.script.isKeyRevoked);
  if (refusal !== undefined || security === 'key') return refusal;
  const call = { apiKey, query: request.query, body: request.body ?? '', parameters };
  return signatureRefusal(call, world.key, serverNow(world));
}

function countRefusal(world: World, { orders }: Route, parameters: CallParameters): Refusal | undefined {
  if (orders === undefined) return undefined;
  const isBatch = parameters.has('batchOrders');
  const count = isBatch ? Math.max(1, (parameters.get('batchOrders') ?? '').split('"symbol"').length - 1) : orders;
  return orderRefusal(world.rates, count, world.time.now());
}

/** An order that was taken, and whose answer a script loses on the way. */
function isLost({ script }: World, route: Route | undefined, result: CallResult): boolean {
  if (route?.orders === undefined || script.loseAnswers <= 0 || isRefused(result)) return false;
  script.loseAnswers -= 1;
  return true;
}

function takeScripted({ script }: World, request: WireRequest): ScriptedResponse | undefined {
  const found = script.responses.find(
    ({ times, method, path }) =>
      times > 0 && (method ?? request.method) === request.method && (path === undefined || isMeant(path, request)),
  );
  if (found === undefined) return undefined;
  found.times -= 1;
  if (found.times === 0) script.responses.splice(script.responses.indexOf(found), 1);
  return found;
}

/** By its path alone or with its query. */
function isMeant(pattern: RegExp, { path, query }: WireRequest): boolean {
  return pattern.test(path) || pattern.test(`${path}?${query}`);
}

function answerTo(world: World, request: WireRequest, route: Route | undefined, result: CallResult): HttpAnswer {
  const now = world.time.now();
  const headers: Record<string, string> = {
    'content-type': 'application/json;charset=UTF-8',
    'x-mbx-used-weight-1m': String(usedWeight(world.rates, request.address, now)),
  };
  if (!isRefused(result)) {
    if (route?.orders !== undefined) Object.assign(headers, orderHeaders(world, now));
    return { status: 200, headers, body: wireJson(result) };
  }
  if (result.retryAfter !== undefined) headers['retry-after'] = String(result.retryAfter);
  return { status: result.status, headers, body: wireJson({ code: result.code, msg: result.msg }) };
}

/** Orders that are refused are answered without the counts. */
function orderHeaders({ rates }: World, now: number): Record<string, string> {
  const { tenSeconds, minute } = orderCounts(rates, now);
  return { 'x-mbx-order-count-10s': String(tenSeconds), 'x-mbx-order-count-1m': String(minute) };
}

function isRefused(result: CallResult): result is Refusal {
  return typeof result === 'object' && result !== null && isRefusal(result);
}
