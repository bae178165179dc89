import { algoTypes } from './algo-store.ts';
import type { CallParameters } from './call-parameters.ts';
import { decimalParameter } from './decimal-parameter.ts';
import type { Market } from './markets.ts';
import type { OrderTerms, OrderTimeInForce, WireSide } from './order-store.ts';
import { isRefusal, malformedParameter, missingParameter, notRequired, type Refusal, refusals } from './refusals.ts';
import { nextIdText } from './venue-ids.ts';
import { serverNow, type World } from './world.ts';

const clientIdPattern = /^[.A-Z:/a-z0-9_-]{1,36}$/;

/** Reads a new ordinary order from a call, or says what is wrong with its form. */
export function readOrder(world: World, parameters: CallParameters): OrderTerms | Refusal {
  const market = readMarket(world, parameters);
  if (isRefusal(market)) return market;
  const side = readSide(parameters);
  if (typeof side !== 'string') return side;
  const type = readType(parameters.get('type'));
  if (typeof type !== 'string') return type;
  const problem = sideProblem(world, parameters) ?? closeProblem(parameters);
  if (problem !== undefined) return problem;
  const clientOrderId = readClientId(world, 'newClientOrderId', parameters);
  if (typeof clientOrderId !== 'string') return clientOrderId;
  const terms = readTerms(world, market, type, parameters);
  if (isRefusal(terms)) return terms;
  const isReduceOnly = parameters.get('reduceOnly') === 'true';
  return { clientOrderId, market, side, type, isReduceOnly, origin: 'client', ...terms };
}

export function readMarket(world: World, parameters: CallParameters): Market | Refusal {
  const symbol = parameters.get('symbol');
  if (symbol === undefined || symbol === '') return missingParameter('symbol');
  return world.marketBySymbol.get(symbol) ?? refusals.badSymbol;
}

export function readSide(parameters: CallParameters): WireSide | Refusal {
  const side = parameters.get('side');
  if (side === undefined || side === '') return missingParameter('side');
  return side === 'BUY' || side === 'SELL' ? side : refusals.badSide;
}

/** The client's own id, or one the venue makes up where it sent none. */
export function readClientId(world: World, name: string, parameters: CallParameters): string | Refusal {
  const text = parameters.get(name);
  if (text === undefined || text === '') return nextIdText(world.ids, 22);
  if (text.length > 36) return refusals.clientIdLength;
  return clientIdPattern.test(text) ? text : refusals.clientIdFormat;
}

/** An account of one position for each market takes no sides of positions; one of two has to be told which. */
export function sideProblem({ ledger }: World, parameters: CallParameters): Refusal | undefined {
  const positionSide = parameters.get('positionSide') ?? 'BOTH';
  if (!['BOTH', 'LONG', 'SHORT'].includes(positionSide)) return malformedParameter('positionSide');
  if ((positionSide === 'BOTH') === ledger.isHedged) return refusals.positionSide;
  // Two positions of one market are not simulated: what belongs to them is refused, never netted in silence.
  return ledger.isHedged ? refusals.unknown : undefined;
}

function closeProblem(parameters: CallParameters): Refusal | undefined {
  return parameters.get('closePosition') === 'true' ? notRequired('closePosition') : undefined;
}

function readType(type: string | undefined): 'LIMIT' | 'MARKET' | Refusal {
  if (type === undefined || type === '') return missingParameter('type');
  if (algoTypes.includes(type)) return refusals.useAlgo;
  return type === 'LIMIT' || type === 'MARKET' ? type : refusals.badOrderType;
}

type Terms = Pick<OrderTerms, 'quantity' | 'price' | 'timeInForce' | 'goodTillAt'>;

function readTerms(
  world: World,
  market: Market,
  type: 'LIMIT' | 'MARKET',
  parameters: CallParameters,
): Terms | Refusal {
  const timeInForce = readTimeInForce(type, parameters.get('timeInForce'));
  if (typeof timeInForce !== 'string') return timeInForce;
  const quantity = decimalParameter('quantity', parameters.get('quantity'), market.instrument.quantityDecimals);
  if (typeof quantity !== 'number') return quantity;
  const price = readPrice(type, market, parameters);
  if (typeof price !== 'number') return price;
  const goodTillAt = readGoodTill(world, timeInForce, parameters.get('goodTillDate'));
  if (typeof goodTillAt !== 'number') return goodTillAt;
  return { quantity, price, timeInForce, goodTillAt };
}

function readTimeInForce(type: 'LIMIT' | 'MARKET', text: string | undefined): OrderTimeInForce | Refusal {
  if (type === 'MARKET') return text === undefined || text === '' ? 'GTC' : notRequired('timeInForce');
  if (text === undefined || text === '') return missingParameter('timeInForce');
  return isTimeInForce(text) ? text : refusals.badTimeInForce;
}

function isTimeInForce(text: string): text is OrderTimeInForce {
  return ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'].includes(text);
}

function readPrice(type: 'LIMIT' | 'MARKET', market: Market, parameters: CallParameters): number | Refusal {
  const text = parameters.get('price');
  if (type === 'LIMIT') return decimalParameter('price', text, market.instrument.priceDecimals);
  return text === undefined || text === '' ? 0 : notRequired('price');
}

/** The earliest end an order may be given. */
const goodTillLeadMs = 600_000;

function readGoodTill(world: World, timeInForce: OrderTimeInForce, text: string | undefined): number | Refusal {
  if (timeInForce !== 'GTD') return 0;
  if (text === undefined || text === '') return missingParameter('goodTillDate');
  const isLater = /^\d{13}$/.test(text) && Number(text) > serverNow(world) + goodTillLeadMs;
  // Ends are kept to the second.
  return isLater ? Math.floor(Number(text) / 1_000) * 1_000 : malformedParameter('goodTillDate');
}
