/** The routes that streams are divided over; a stream says nothing on another route than its own. */
export type StreamRoute = 'public' | 'market' | 'private';

/** What a name of a stream asks for. `streamName` is the symbol in lower case, empty for all symbols at once. */
export type Topic = { readonly name: string; readonly streamName: string } & (
  | { readonly type: 'bookTicker' | 'aggTrade' | 'ticker' | 'miniTicker' | 'forceOrder' | 'contractInfo' }
  | { readonly type: 'depth'; readonly levels: number; readonly everyMs: number }
  | { readonly type: 'kline'; readonly interval: string; readonly isContinuous: boolean }
  | { readonly type: 'markPrice'; readonly everyMs: number }
);

export function routeOf(topic: Topic): StreamRoute {
  return topic.type === 'bookTicker' || topic.type === 'depth' ? 'public' : 'market';
}

/** Reads the name of a stream; undefined for one that the venue does not have. */
export function parseTopic(name: string): Topic | undefined {
  const all = allTopics[name];
  if (all !== undefined) return { ...all, name, streamName: '' };
  const at = name.indexOf('@');
  if (at <= 0) return undefined;
  const kind = parseKind(name.slice(at + 1));
  if (kind === undefined) return undefined;
  const subject = name.slice(0, at);
  const isContinuous = kind.type === 'kline' && kind.isContinuous;
  return { ...kind, name, streamName: isContinuous ? subject.replace(/_perpetual$/, '') : subject };
}

type Kind = Topic extends infer T ? (T extends Topic ? Omit<T, 'name' | 'streamName'> : never) : never;

const defaultMarkMs = 3_000;

const allTopics: Readonly<Record<string, Kind>> = {
  '!bookTicker': { type: 'bookTicker' },
  '!ticker@arr': { type: 'ticker' },
  '!miniTicker@arr': { type: 'miniTicker' },
  '!forceOrder@arr': { type: 'forceOrder' },
  '!contractInfo': { type: 'contractInfo' },
  '!markPrice@arr': { type: 'markPrice', everyMs: defaultMarkMs },
  '!markPrice@arr@1s': { type: 'markPrice', everyMs: 1_000 },
};

const plainKinds: Readonly<Record<string, Kind>> = {
  bookTicker: { type: 'bookTicker' },
  aggTrade: { type: 'aggTrade' },
  ticker: { type: 'ticker' },
  miniTicker: { type: 'miniTicker' },
  forceOrder: { type: 'forceOrder' },
  markPrice: { type: 'markPrice', everyMs: defaultMarkMs },
  'markPrice@1s': { type: 'markPrice', everyMs: 1_000 },
};

function parseKind(text: string): Kind | undefined {
  const plain = plainKinds[text];
  if (plain !== undefined) return plain;
  const depth = /^depth(5|10|20)?(?:@(100|250|500)ms)?$/.exec(text);
  if (depth !== null) return { type: 'depth', levels: Number(depth[1] ?? 0), everyMs: Number(depth[2] ?? 250) };
  const kline = /^(kline|continuousKline)_(\d{1,2}[smhdwM])$/.exec(text);
  if (kline === null) return undefined;
  return { type: 'kline', interval: kline[2] ?? '', isContinuous: kline[1] === 'continuousKline' };
}
