import type { z } from 'zod';
import { type AccountBook, instrumentIdOf, ownIdOf, type Reaction } from './account-book.ts';
import { onAccountUpdate } from './account-updates.ts';
import { onAlgoUpdate, onTriggerReject } from './algo-updates.ts';
import { onOrderUpdate } from './order-updates.ts';
import { quarantined } from './quarantine.ts';
import {
  accountConfigUpdateSchema,
  accountUpdateSchema,
  algoUpdateSchema,
  marginCallSchema,
  orderTradeUpdateSchema,
  streamHeadSchema,
  tradeLiteSchema,
  triggerRejectSchema,
} from './schema.ts';

/** What a message of the account's stream leads to; the end of the stream's key is not one of these. */
export function onAccountMessage(payload: unknown, text: string, book: AccountBook): readonly Reaction[] {
  const head = streamHeadSchema.safeParse(payload);
  if (!head.success) return unreadable('a message cannot be read', text);
  // The coin-margined account shares the stream.
  if (head.data.st === 2) return [];
  switch (head.data.e) {
    case 'ORDER_TRADE_UPDATE':
      return read(orderTradeUpdateSchema, payload, text, (update) => onOrderUpdate(update, book));
    case 'ACCOUNT_UPDATE':
      return read(accountUpdateSchema, payload, text, (update) => onAccountUpdate(update, book));
    case 'ALGO_UPDATE':
      return read(algoUpdateSchema, payload, text, (update) => onAlgoUpdate(update, book));
    case 'TRADE_LITE':
      return read(tradeLiteSchema, payload, text, (trade) => onTradeLite(trade, book));
    case 'CONDITIONAL_ORDER_TRIGGER_REJECT':
      return read(triggerRejectSchema, payload, text, ({ or }) => onTriggerReject(or.i, or.r, book));
    case 'ACCOUNT_CONFIG_UPDATE':
      return read(accountConfigUpdateSchema, payload, text, onConfigUpdate);
    case 'MARGIN_CALL':
      return read(marginCallSchema, payload, text, onMarginCall);
    case 'GRID_UPDATE':
    case 'STRATEGY_UPDATE':
      return [];
    default:
      return unreadable(`a message of the unknown kind '${head.data.e.slice(0, 50)}'`, text);
  }
}

/** The same trade comes again with all that belongs to it: this one only says that it must come. */
function onTradeLite({ s, c, t, i }: z.output<typeof tradeLiteSchema>, book: AccountBook): readonly Reaction[] {
  if (book.seenTrades.has(`${s} ${t}`)) return [];
  const clientOrderId = ownIdOf(book, c, i, 'ordinary');
  return [{ type: 'expectTrade', symbol: s, tradeId: t, clientOrderId, instrument: instrumentIdOf(s) }];
}

function onConfigUpdate({ ac, ai }: z.output<typeof accountConfigUpdateSchema>): readonly Reaction[] {
  const leverage: Reaction[] = ac === undefined ? [] : [{ type: 'rereadLeverage', symbol: ac.s }];
  if (ai?.j !== true) return leverage;
  const reason = 'the account was switched to margin in several assets';
  return [...leverage, { type: 'impair', part: 'accountMode', instrument: null, reason }];
}

function onMarginCall({ p }: z.output<typeof marginCallSchema>): readonly Reaction[] {
  const reason = `the venue calls for margin for '${p
    .map(({ s }) => s)
    .join("', '")
    .slice(0, 200)}'`;
  return [
    { type: 'notice', text: reason },
    { type: 'impair', part: 'margin', instrument: null, reason },
  ];
}

function read<S extends z.ZodType>(
  schema: S,
  payload: unknown,
  text: string,
  act: (value: z.output<S>) => readonly Reaction[],
): readonly Reaction[] {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return act(parsed.data);
  return unreadable(`a message is not as expected at '${parsed.error.issues[0]?.path.join('.') ?? ''}'`, text);
}

/** Whatever it said of the account has to be learned by asking. */
function unreadable(reason: string, text: string): readonly Reaction[] {
  return [
    { type: 'tell', input: quarantined('account', reason, text) },
    { type: 'checkAccount', reason, instrument: null },
  ];
}
