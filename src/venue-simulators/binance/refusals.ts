/** An answer that is not what was asked for: the HTTP status and the venue's own code and text. */
export interface Refusal {
  readonly type: 'refusal';
  readonly status: number;
  readonly code: number;
  readonly msg: string;
  /** Seconds until another try makes sense; only where the venue says so. */
  readonly retryAfter?: number;
}

/** Texts and codes as the venue's error table has them. */
export const refusals = {
  unknown: refuse(-1000, 'An unknown error occurred while processing the request.'),
  disconnected: refuse(-1001, 'Internal error; unable to process your request. Please try again.'),
  badCharacters: refuse(-1100, 'Illegal characters found in a parameter.'),
  tooManyParameters: refuse(-1101, 'Too many parameters sent for this endpoint.'),
  precision: refuse(-1111, 'Precision is over the maximum defined for this asset.'),
  badTimeInForce: refuse(-1115, 'Invalid timeInForce.'),
  badOrderType: refuse(-1116, 'Invalid orderType.'),
  badSide: refuse(-1117, 'Invalid side.'),
  badInterval: refuse(-1120, 'Invalid interval.'),
  badSymbol: refuse(-1121, 'Invalid symbol.'),
  badListenKey: refuse(-1125, 'This listenKey does not exist.'),
  badRange: refuse(-1127, 'Lookup interval is too big.'),
  badCombination: refuse(-1128, 'Combination of optional parameters invalid.'),
  recvWindow: refuse(-1131, 'recvWindow must be less than 60000.'),
  behind: refuse(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  ahead: refuse(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  signature: refuse(-1022, 'Signature for this request is not valid.'),
  keyFormat: refuse(-2014, 'API-key format invalid.', 401),
  keyRevoked: refuse(-2015, 'Invalid API-key, IP, or permissions for action.', 401),
  cancelUnknown: refuse(-2011, 'Unknown order sent.'),
  noOrder: refuse(-2013, 'Order does not exist.'),
  margin: refuse(-2019, 'Margin is insufficient.'),
  unfilled: refuse(-2020, 'Unable to fill.'),
  wouldTrigger: refuse(-2021, 'Order would immediately trigger.'),
  reduceOnly: refuse(-2022, 'ReduceOnly Order is rejected.'),
  inLiquidation: refuse(-2023, 'User in liquidation mode now.'),
  tooManyOpen: refuse(-2025, 'Reach max open order limit.'),
  leverageBracket: refuse(-2027, 'Exceeded the maximum allowable position at current leverage.'),
  quantityZero: refuse(-4003, 'Quantity less than or equal to zero.'),
  quantityLow: refuse(-4004, 'Quantity less than min quantity.'),
  quantityHigh: refuse(-4005, 'Quantity greater than max quantity.'),
  priceZero: refuse(-4001, 'Price less than 0.'),
  priceHigh: refuse(-4002, 'Price greater than max price.'),
  priceLow: refuse(-4013, 'Price less than min price.'),
  tickSize: refuse(-4014, 'Price not increased by tick size.'),
  clientIdLength: refuse(-4015, 'Client order id length should be less than 36 chars.'),
  clientIdFormat: refuse(
    -1100,
    "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.",
  ),
  stepSize: refuse(-4023, 'Quantity not increased by step size.'),
  leverage: refuse(-4028, 'Leverage is not valid.'),
  algoOrdersMax: refuse(-4045, 'Reach max stop order limit.'),
  marginTypeSame: refuse(-4046, 'No need to change margin type.'),
  marginTypeOrders: refuse(-4047, 'Margin type cannot be changed if there exists open orders.'),
  marginTypePosition: refuse(-4048, 'Margin type cannot be changed if there exists position.'),
  positionModeSame: refuse(-4059, 'No need to change position side.'),
  positionSide: refuse(-4061, "Order's position side does not match user's setting."),
  positionModeOrders: refuse(-4067, 'Position side cannot be changed if there exists open orders.'),
  positionModePosition: refuse(-4068, 'Position side cannot be changed if there exists position.'),
  accountInactive: refuse(-4109, 'This account is inactive. Please activate your account first.'),
  duplicateId: refuse(-4116, 'ClientOrderId is duplicated.'),
  stopTriggering: refuse(-4117, 'Stop order is in triggering process.'),
  reduceOnlyMargin: refuse(-4118, 'ReduceOnly Order Failed. Please check your existing position and open orders.'),
  useAlgo: refuse(
    -4120,
    'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
  ),
  percentMarket: refuse(-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit."),
  symbolStatus: refuse(-4140, 'Invalid symbol status for opening position.'),
  symbolClosed: refuse(-4141, 'Symbol is closed.'),
  isolatedLeverage: refuse(-4161, 'Leverage reduction is not supported in Isolated Margin Mode with open positions.'),
  isolatedMultiAssets: refuse(-4167, 'Unable to adjust to Multi-Assets mode with symbols under isolated-margin mode.'),
  multiAssetsIsolated: refuse(-4168, 'Unable to adjust to isolated-margin mode under the Multi-Assets mode.'),
  multiAssetsSame: refuse(-4171, 'No need to change Multi-Assets mode.'),
  coolingOff: refuse(-4192, 'Unable to place orders during the cooling-off period.'),
  quantitative: refuse(-4400, 'Futures Trading Quantitative Rules violated, only reduceOnly order is allowed.'),
  restricted: refuse(-4401, 'Compliance restricted account permission: can only place reduceOnly order.'),
  closeWithQuantity: refuse(-4137, 'Quantity must be zero with closePosition equals true.'),
  closeExists: refuse(
    -4130,
    'An open stop or take profit order with GTE and closePosition in the direction is existing.',
  ),
  noPosition: refuse(-4509, 'Time in Force (TIF) GTE can only be used with open positions.'),
  fillOrKill: refuse(-5021, 'Due to the order could not be filled immediately, the FOK order has been rejected.'),
  postOnly: refuse(-5022, 'Due to the order could not be executed as maker, the Post Only order will be rejected.'),
  modifyType: refuse(-5025, 'Only limit order is supported.'),
  modifySame: refuse(-5027, 'No need to modify the order.'),
  modifyMax: refuse(-5026, 'Exceed maximum modify order limit.'),
  expiredAtEngine: refuse(-5028, 'Timestamp for this request is outside of the ME recvWindow.'),
} as const satisfies Record<string, Refusal>;

/** An ordinary refusal: HTTP 400 unless the venue answers otherwise. */
export function refuse(code: number, msg: string, status = 400): Refusal {
  return { type: 'refusal', status, code, msg };
}

export function missingParameter(name: string): Refusal {
  return refuse(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
}

export function malformedParameter(name: string): Refusal {
  return refuse(-1130, `Data sent for parameter '${name}' is not valid.`);
}

export function tooPrecise(name: string): Refusal {
  return refuse(-1111, `Precision is over the maximum defined for parameter '${name}'.`);
}

export function limitPriceAbove(limit: string): Refusal {
  return refuse(-4016, `Limit price can't be higher than ${limit}.`);
}

export function limitPriceBelow(limit: string): Refusal {
  return refuse(-4024, `Limit price can't be lower than ${limit}.`);
}

export function notionalBelow(limit: string): Refusal {
  return refuse(-4164, `Order's notional must be no smaller than ${limit} (unless you choose reduce only).`);
}

export function notRequired(name: string): Refusal {
  return refuse(-1106, `Parameter '${name}' sent when not required.`);
}

/** The text of the banned: it names the address and the end of the ban in milliseconds. */
export function banned(address: string, untilAt: number, retryAfter: number): Refusal {
  const rest = 'Please use the websocket for live updates to avoid bans.';
  return {
    ...refuse(-1003, `Way too many requests; IP(${address}) banned until ${untilAt}. ${rest}`, 418),
    retryAfter,
  };
}

export function tooManyRequests(address: string, limit: number, retryAfter: number): Refusal {
  const rest = 'Please use the websocket for live updates to avoid polling the API.';
  const msg = `Too many requests; current limit of IP(${address}) is ${limit} requests per minute. ${rest}`;
  return { ...refuse(-1003, msg, 429), retryAfter };
}

export function tooManyOrders(limit: number, interval: string, retryAfter: number): Refusal {
  return {
    ...refuse(-1015, `Too many new orders; current limit is ${limit} orders per ${interval}.`, 429),
    retryAfter,
  };
}

/** Whether a result is a refusal. What calls answer has order types under the same name, never this one. */
export function isRefusal(value: object): value is Refusal {
  return 'type' in value && value.type === 'refusal';
}
