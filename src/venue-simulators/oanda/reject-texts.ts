/** Reasons for which a request is refused as it stands, with the words that go with them; `UNITS_MIMIMUM_NOT_MET` is spelled so on the wire. */
export const rejectTexts = {
  ACCOUNT_LOCKED: 'The Account is locked',
  ACCOUNT_ORDER_CREATION_LOCKED: 'The Account is locked for order creation',
  CLIENT_ORDER_ID_ALREADY_EXISTS: 'The client Order ID specified is already assigned to another pending Order',
  CLIENT_ORDER_ID_INVALID: 'The client Order ID specified is invalid',
  CLIENT_TRADE_ID_ALREADY_EXISTS: 'The client Trade ID specified is already assigned to another open Trade',
  CLOSE_TRADE_UNITS_EXCEED_TRADE_SIZE:
    'The request to partially close a Trade specifies a number of units that exceeds the current size of the given Trade',
  CLOSEOUT_POSITION_DOESNT_EXIST: 'The Position requested to be closed out does not exist',
  CLOSEOUT_POSITION_INCOMPLETE_SPECIFICATION: 'The request to closeout a Position was specified incompletely',
  CLOSEOUT_POSITION_REJECT: 'The request to closeout a Position could not be fully satisfied',
  CLOSEOUT_POSITION_UNITS_EXCEED_POSITION_SIZE:
    'A partial Position closeout request specifies a number of units that exceeds the current Position',
  INSTRUMENT_MISSING: 'The Order instrument has not been specified',
  INSTRUMENT_NOT_TRADEABLE: 'The instrument specified is not tradeable by the Account',
  INSTRUMENT_UNKNOWN: 'The instrument specified is unknown',
  ORDER_DOESNT_EXIST: 'The Order specified does not exist',
  ORDER_TYPE_NOT_SUPPORTED: 'The type of the Order is not supported',
  POSITION_SIZE_EXCEEDED: 'The position size would exceed the maximum allowed',
  PRICE_BOUND_INVALID: 'The price bound specified is invalid',
  PRICE_BOUND_PRECISION_EXCEEDED:
    'The price bound specified contains more precision than is allowed for the Order\u2019s instrument',
  PRICE_DISTANCE_PRECISION_EXCEEDED: 'The price distance specified contains more precision than is allowed',
  PRICE_INVALID: 'The price specified is invalid',
  PRICE_MISSING: 'The price has not been specified',
  PRICE_PRECISION_EXCEEDED: 'The price specified contains more precision than is allowed for the instrument',
  STOP_LOSS_ON_FILL_PRICE_AND_DISTANCE_BOTH_SPECIFIED: 'The Stop Loss on fill specifies both a price and a distance',
  STOP_LOSS_ON_FILL_PRICE_INVALID: 'The Stop Loss on fill contains an invalid price',
  STOP_LOSS_ON_FILL_PRICE_MISSING: 'The Stop Loss on fill does not provide a price',
  STOP_LOSS_ON_FILL_PRICE_PRECISION_EXCEEDED:
    'The Stop Loss on fill contains a price with more precision than is allowed for the instrument',
  STOP_LOSS_ORDER_ALREADY_EXISTS: 'A Stop Loss Order for the specified Trade already exists',
  TAKE_PROFIT_ON_FILL_PRICE_INVALID: 'The Take Profit on fill contains an invalid price',
  TAKE_PROFIT_ON_FILL_PRICE_MISSING: 'The Take Profit on fill does not provide a price',
  TAKE_PROFIT_ON_FILL_PRICE_PRECISION_EXCEEDED:
    'The Take Profit on fill contains a price with more precision than is allowed for the instrument',
  TAKE_PROFIT_ORDER_ALREADY_EXISTS: 'A Take Profit Order for the specified Trade already exists',
  TIME_IN_FORCE_GTD_TIMESTAMP_IN_PAST: 'The GTD time-in-force specifies a timestamp that is in the past',
  TIME_IN_FORCE_GTD_TIMESTAMP_MISSING: 'The time-in-force is GTD but no GTD timestamp is provided',
  TIME_IN_FORCE_INVALID: 'The time-in-force specified is invalid for the Order',
  TRADE_DOESNT_EXIST: 'The Trade specified does not exist',
  TRAILING_STOP_LOSS_ORDERS_NOT_SUPPORTED: 'Trailing Stop Loss Orders are not supported',
  UNITS_INVALID: 'The units specified are invalid',
  UNITS_LIMIT_EXCEEDED: 'The units specified exceeds the maximum number of units allowed',
  UNITS_MIMIMUM_NOT_MET: 'The units specified is less than the minimum number of units required',
  UNITS_MISSING: 'The units have not been specified',
  UNITS_PRECISION_EXCEEDED: 'The units specified contain more precision than is allowed for the instrument',
} as const;

export type RejectReason = keyof typeof rejectTexts;

/** The words for a reason, also for one that a script makes up. */
export function rejectText(reason: string): string {
  return (rejectTexts as Readonly<Record<string, string>>)[reason] ?? `The request was refused: ${reason}`;
}
