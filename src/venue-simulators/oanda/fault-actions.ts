import { z } from 'zod';
import { parseDecimalText } from '#domain/decimal-text.ts';
import type { Instrument } from '#domain/instrument.ts';
import { scaleOf } from '#domain/scale.ts';
import { marketTerms, type OrderTerms } from './account-order.ts';
import { candlesModes } from './account-plight.ts';
import type { OandaAccount } from './oanda-account.ts';

const instrument = z.string().regex(/^[A-Z0-9]+_[A-Z0-9]+$/, 'an instrument is written like EUR_USD');
const times = z.int().min(1).max(1_000).default(1);
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'a decimal is written as text');
const flag = z.boolean().default(true);

/** Everything that a script may let this venue do by itself. */
const schemas = {
  /** The market of an instrument stops, and goes on. */
  halt: z.strictObject({ instrument }),
  resume: z.strictObject({ instrument }),
  /** The whole market of an instrument moves by so many pips, for good. */
  gap: z.strictObject({ instrument, pips: z.number() }),
  /** One price of our own. */
  quote: z.strictObject({ instrument, bid: decimal, ask: decimal }),
  /** What the venue tells in place of an instrument's price; without lists the truth again. */
  oddPrice: z.strictObject({ instrument, bids: z.array(z.string()).optional(), asks: z.array(z.string()).optional() }),
  /** The venue counts an instrument differently. */
  setInstrument: z.strictObject({
    instrument,
    tickSize: z.int().min(1).optional(),
    lotSize: z.int().min(1).optional(),
    minimumQuantity: z.int().min(1).optional(),
    maximumQuantity: z.int().min(1).optional(),
    marginRate: z.number().gt(0).max(1).optional(),
    unitsDecimals: z.int().min(0).max(8).optional(),
  }),
  /** Another client of the account trades. */
  externalOrder: z.strictObject({
    instrument,
    units: decimal,
    price: decimal.optional(),
    stopLoss: decimal.optional(),
    takeProfit: decimal.optional(),
    clientId: z.string().max(128).optional(),
  }),
  /** Another client cancels an order, by `id` or `@clientID`. */
  externalCancel: z.strictObject({ order: z.string().min(1) }),
  /** The venue closes a position by itself. */
  liquidate: z.strictObject({ instrument }),
  transfer: z.strictObject({ amount: decimal }),
  financing: z.strictObject({ instrument, amount: decimal, days: z.int().min(1).default(1) }),
  /** The next orders are created and end at once. */
  cancelNext: z.strictObject({ reason: z.string().min(1), times }),
  /** The next orders are refused. */
  rejectNext: z.strictObject({ reason: z.string().min(1), times }),
  /** The next orders to be cancelled fill a moment before. */
  fillBeforeCancel: z.strictObject({ times }),
  /** Orders cannot be found by asking for so long after their creation. */
  hideOrders: z.strictObject({ ms: z.int().min(0) }),
  candles: z.strictObject({ mode: z.enum(candlesModes), times }),
  /** The venue's clock is ahead by so much, behind where it is negative. */
  skewClock: z.strictObject({ ms: z.int() }),
  /** Ids are used up without transactions. */
  skipTransactions: z.strictObject({ count: z.int().min(1).max(100_000) }),
  /** The next transaction stream begins with old transactions. */
  replayTransactions: z.strictObject({ count: z.int().min(1).max(10_000) }),
  revokeToken: z.strictObject({ isOn: flag }),
  lockAccount: z.strictObject({ isOn: flag }),
  /** Every object of an answer has a field more. */
  extraFields: z.strictObject({ isOn: flag }),
  /** How many requests an address may send in a second. */
  limitRequests: z.strictObject({ perSecond: z.int().min(1).max(100_000) }),
} as const;

type Parameters<A extends keyof typeof schemas> = z.infer<(typeof schemas)[A]>;

/** An action that a script asked for and that this venue does not know, or not with these parameters. */
export class FaultActionError extends Error {
  override readonly name = 'FaultActionError';
}

/** Names of all actions, for messages and documents. */
export const faultActions = Object.keys(schemas) as readonly (keyof typeof schemas)[];

/**
 * Lets the venue do something by itself.
 * @throws FaultActionError for an unknown action or wrong parameters.
 */
export function actOn(account: OandaAccount, action: string, parameters: Readonly<Record<string, unknown>>): void {
  const { name, checked } = checkAction(action, parameters);
  const act = acts[name] as (account: OandaAccount, parameters: unknown) => void;
  account.settle();
  act(account, checked);
}

/**
 * The action and its parameters, with what they leave out filled in.
 * @throws FaultActionError for an unknown action or wrong parameters.
 */
export function checkAction(
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): { readonly name: keyof typeof schemas; readonly checked: unknown } {
  const name = faultActions.find((each) => each === action);
  if (name === undefined)
    throw new FaultActionError(`expected one of '${faultActions.join("', '")}', found the action '${action}'`);
  const parsed = schemas[name].safeParse(parameters);
  if (parsed.success) return { name, checked: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) => `'${path.join('.')}': ${message}`);
  throw new FaultActionError(`the action '${action}' is told wrongly: ${issues.join('; ')}`);
}

const acts: { readonly [A in keyof typeof schemas]: (account: OandaAccount, parameters: Parameters<A>) => void } = {
  halt: (account, parameters) => account.floor.halt(listed(account, parameters.instrument).id),
  resume: (account, parameters) => account.floor.resume(listed(account, parameters.instrument).id),
  gap: (account, { instrument: symbol, pips }) => {
    const found = listed(account, symbol);
    const ticks = Math.round(pips * scaleOf(found.priceDecimals - found.pipDecimals));
    account.floor.gap(found.id, ticks);
  },
  quote: (account, { instrument: symbol, bid, ask }) => {
    const found = listed(account, symbol);
    account.floor.quote(found.id, steps(bid, found.priceDecimals), steps(ask, found.priceDecimals));
  },
  oddPrice: ({ plight }, { instrument: symbol, bids, asks }) => {
    if (bids === undefined && asks === undefined) plight.oddPrices.delete(symbol);
    else plight.oddPrices.set(symbol, { bids: bids ?? [], asks: asks ?? [] });
  },
  setInstrument: (account, { instrument: symbol, unitsDecimals, ...changes }) => {
    if (unitsDecimals !== undefined) account.plight.unitsDecimals.set(symbol, unitsDecimals);
    const changed = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    account.floor.setInstrument({ ...listed(account, symbol), ...changed });
  },
  externalOrder: (account, parameters) => {
    account.log.batch(() => account.create(externalTerms(account, parameters), { reason: 'CLIENT_ORDER' }));
  },
  externalCancel: (account, { order: specifier }) => {
    const order = account.findOrder(specifier);
    if (order?.state === 'PENDING') account.end(order, 'CLIENT_REQUEST');
  },
  liquidate: (account, { instrument: symbol }) => {
    account.floor.liquidate(listed(account, symbol).id, `closeout-${account.log.lastId}-script`);
  },
  transfer: (account, { amount }) => account.transfer(steps(amount, account.floor.state.moneyDecimals)),
  financing: (account, { instrument: symbol, amount, days }) => {
    const { id } = listed(account, symbol);
    account.floor.charge({ instrument: id, amount: steps(amount, account.floor.state.moneyDecimals), days });
  },
  cancelNext: ({ plight }, { reason, times: count }) => repeat(plight.cancelReasons, reason, count),
  rejectNext: ({ plight }, { reason, times: count }) => repeat(plight.rejectReasons, reason, count),
  fillBeforeCancel: ({ plight }, { times: count }) => {
    plight.fillsBeforeCancel += count;
  },
  hideOrders: ({ plight }, { ms }) => {
    plight.hideMs = ms;
  },
  candles: ({ plight }, { mode, times: left }) => {
    plight.candles.push({ mode, left });
  },
  skewClock: ({ plight }, { ms }) => {
    plight.skewMs = ms;
  },
  skipTransactions: ({ log }, { count }) => log.useUp(count),
  replayTransactions: ({ plight }, { count }) => {
    plight.replayCount = count;
  },
  revokeToken: ({ plight }, { isOn }) => {
    plight.isTokenRevoked = isOn;
  },
  lockAccount: ({ plight }, { isOn }) => {
    plight.isLocked = isOn;
  },
  extraFields: ({ plight }, { isOn }) => {
    plight.hasExtraFields = isOn;
  },
  limitRequests: ({ plight }, { perSecond }) => {
    plight.requestsPerSecond = perSecond;
  },
};

function listed(account: OandaAccount, symbol: string): Instrument {
  for (const { instrument: each } of account.floor.state.books.values()) if (each.symbol === symbol) return each;
  throw new FaultActionError(`expected an instrument of this venue, found '${symbol}'`);
}

function steps(text: string, decimals: number): number {
  const value = parseDecimalText(text, decimals);
  if (value !== undefined) return value;
  throw new FaultActionError(`expected at most ${decimals} decimals, found '${text}'`);
}

function repeat(list: string[], reason: string, count: number): void {
  for (let index = 0; index < count; index += 1) list.push(reason);
}

function externalTerms(account: OandaAccount, wish: Parameters<'externalOrder'>): OrderTerms {
  const found = listed(account, wish.instrument);
  const price = (text: string): number => steps(text, found.priceDecimals);
  const onFill = (text: string | undefined): OrderTerms['stopLossOnFill'] =>
    text === undefined
      ? null
      : { price: price(text), distance: null, timeInForce: 'GTC', gtdAt: null, clientExtensions: null };
  const isMarket = wish.price === undefined;
  return marketTerms(found, steps(wish.units, found.quantityDecimals), {
    type: isMarket ? 'MARKET' : 'LIMIT',
    price: wish.price === undefined ? null : price(wish.price),
    timeInForce: isMarket ? 'FOK' : 'GTC',
    positionFill: 'DEFAULT',
    clientExtensions: wish.clientId === undefined ? null : { id: wish.clientId },
    takeProfitOnFill: onFill(wish.takeProfit),
    stopLossOnFill: onFill(wish.stopLoss),
  });
}
