import { z } from 'zod';

const symbol = z.string().optional();
const count = z.int().min(0).max(1_000_000).default(1);
const ms = z
  .int()
  .min(0)
  .max(7 * 86_400_000);
const decimal = z.string().regex(/^-?\d{1,15}(\.\d{1,10})?$/);
const on = z.boolean().default(true);

const orderShape = {
  symbol,
  side: z.enum(['BUY', 'SELL']),
  quantity: decimal,
  price: decimal.optional(),
  reduceOnly: z.boolean().default(false),
  clientOrderId: z.string().min(1).max(36).optional(),
};

/** What a script can have the venue do, and with which parameters. A symbol that is left out is the first one listed. */
export const actionSchemas = {
  /** The key ends as by its age, or too early in spite of every extension; the event carries its time as text or number. */
  expireListenKey: z.strictObject({ isTimeText: z.boolean().default(true), isSilent: z.boolean().default(false) }),
  /** Another process ends the account's key. */
  deleteListenKey: z.strictObject({}),
  /** Orders taken from now on are not found for so long; 0 ends it. */
  hideOrders: z.strictObject({ ms }),
  hedgeMode: z.strictObject({ on }),
  multiAssets: z.strictObject({ on }),
  /** Another hand trades the account: at the market, or with a limit. */
  externalOrder: z.strictObject(orderShape),
  /** What is open of a market's orders is cancelled by another hand. */
  externalCancel: z.strictObject({ symbol, family: z.enum(['ordinary', 'conditional', 'both']).default('both') }),
  liquidate: z.strictObject({ symbol }),
  adl: z.strictObject({ symbol, quantity: decimal.optional() }),
  settle: z.strictObject({ symbol }),
  /** The event that says a liquidation is on its way: no quantity yet. */
  pendingLiquidation: z.strictObject({ symbol, status: z.string().default('NEW') }),
  /** The position is closed by another hand; conditional orders stay behind. */
  closeElsewhere: z.strictObject({ symbol }),
  haltSymbol: z.strictObject({ symbol, on }),
  /** The market only takes what reduces, or is delisted. */
  settling: z.strictObject({ symbol, status: z.enum(['TRADING', 'SETTLING', 'CLOSE']).default('SETTLING') }),
  changeFilters: z.strictObject({
    symbol,
    tickSize: decimal.optional(),
    stepSize: decimal.optional(),
    minQuantity: decimal.optional(),
    maxQuantity: decimal.optional(),
    marketMaxQuantity: decimal.optional(),
    minNotional: z.number().min(0).optional(),
  }),
  leverageChanged: z.strictObject({ symbol, leverage: z.int().min(1).max(125) }),
  marginTypeChanged: z.strictObject({ symbol, isolated: z.boolean().default(true) }),
  permissions: z.strictObject({ canTrade: z.boolean().optional(), canWithdraw: z.boolean().optional() }),
  revokeKey: z.strictObject({ on }),
  banAddress: z.strictObject({ ms, address: z.string().optional() }),
  /** Others behind an address use up its weight, or others at the account its orders. */
  useWeight: z.strictObject({ weight: z.int().min(0).max(100_000), address: z.string().optional() }),
  useOrders: z.strictObject({ count: z.int().min(0).max(1_200) }),
  skewClock: z.strictObject({ ms: z.int().min(-86_400_000).max(86_400_000) }),
  rejectNextTrigger: z.strictObject({ count, reason: z.string().default('Margin is insufficient.') }),
  /** The order is taken and the answer lost; or acknowledged, and lost by the venue. */
  acceptThenLose: z.strictObject({ count, what: z.enum(['answer', 'order']).default('answer') }),
  /** The matching engine refuses orders with a code. */
  refuseOrders: z.strictObject({
    code: z.int(),
    msg: z.string().default(''),
    status: z.int().min(400).max(599).default(400),
    count,
    sparesReductions: z.boolean().default(false),
  }),
  duplicateFills: z.strictObject({ count }),
  /** The latest fills are told once more, as after a connection that was lost. */
  replayFills: z.strictObject({ count }),
  overfill: z.strictObject({ count, fraction: z.number().gt(0).max(10).default(0.1) }),
  unknownStatus: z.strictObject({ count, status: z.string().default('SOMETHING_NEW') }),
  reduceQuantity: z.strictObject({ count, fraction: z.number().gt(0).max(1).default(0.5) }),
  /** The most that one price fills of one order, in the market's decimals; without it there is no such limit. */
  partialFills: z.strictObject({ steps: z.int().positive().nullable().default(null) }),
  dropUserEvents: z.strictObject({ count }),
  dropDepthDiff: z.strictObject({ symbol, count }),
  /** A closed bar is told again with another close, or one that is not closed, or one of the future. */
  reviseKline: z.strictObject({ symbol, interval: z.string().default('1m'), ticks: z.int().default(1) }),
  openKline: z.strictObject({ symbol, interval: z.string().default('1m') }),
  futureKline: z.strictObject({
    symbol,
    interval: z.string().default('1m'),
    ms: ms.default(86_400_000),
    factor: z.int().default(1),
  }),
  /** Prices that nobody can mean, on the streams alone. */
  absurdPrice: z.strictObject({
    symbol,
    price: z.string().default('0'),
    stream: z.enum(['bookTicker', 'markPrice']).default('bookTicker'),
  }),
  crossedBook: z.strictObject({ symbol, ticks: z.int().min(0).default(10) }),
  emptyBook: z.strictObject({ symbol, side: z.enum(['bids', 'asks', 'both']).default('both') }),
  /** The mark stands off where it would be by a fraction; 0 ends it. */
  divergeMark: z.strictObject({ symbol, fraction: z.number().min(-0.9).max(10) }),
  gapMarket: z.strictObject({ symbol, ticks: z.int() }),
  withdraw: z.strictObject({ amount: decimal }),
  deposit: z.strictObject({ amount: decimal, asset: z.string().optional() }),
  /** Fees are taken in another asset, at so much of the account's own for one; without an asset in the account's own again. */
  foreignFeeAsset: z.strictObject({
    asset: z.string().nullable().default('BNB'),
    price: z.number().gt(0).default(600),
  }),
  nextResponses: z.strictObject({
    status: z.int().min(100).max(599),
    body: z.union([z.string(), z.looseObject({})]).default(''),
    times: z.int().min(1).max(1_000_000).default(1),
    headers: z.record(z.string(), z.string()).default({}),
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
    path: z.string().optional(),
    carriedOut: z.boolean().default(false),
  }),
  matchLatency: z.strictObject({ ms }),
  marginCall: z.strictObject({ symbol }),
} as const;

export type ActionName = keyof typeof actionSchemas;
export type ActionParameters<N extends ActionName> = z.infer<(typeof actionSchemas)[N]>;

/** Names an action that the venue does not know, or parameters that do not fit it. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}

export function isActionName(name: string): name is ActionName {
  return Object.hasOwn(actionSchemas, name);
}

/** Reads the parameters of an action, or names what is wrong with them. */
export function readAction<N extends ActionName>(
  name: N,
  parameters: Readonly<Record<string, unknown>>,
): ActionParameters<N> {
  const schema: z.ZodType<unknown> = actionSchemas[name];
  const result = schema.safeParse(parameters);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `'${path.join('.')}': ${message}`);
    throw new ActionError(`the action '${name}' does not fit: ${problems.join('; ')}`);
  }
  return result.data as ActionParameters<N>;
}
