/** Which streams to read next, and how many entries of each, so that all together fit into the room that is left. */
export interface ReadPlan {
  readonly streams: readonly string[];
  /** From each stream. */
  readonly count: number;
  /** The longest the read may wait, since other streams are left out of it. */
  readonly waitMsMax: number;
}

/** What a reader remembers from read to read. */
export interface ReadMemory {
  /** Streams that gave all that was asked of them, so that they have more. */
  busy: readonly string[];
  reads: number;
  /** Where the next round begins, where there are more streams than room. */
  offset: number;
}

/** Every so many reads all streams are asked, however busy some are. */
const wholeReadEvery = 4;

/** Where there is less room than there are streams, each round waits a little for its share of them. */
const roundWaitMs = 20;

export function createReadMemory(): ReadMemory {
  return { busy: [], reads: 0, offset: 0 };
}

/** Plans a read of at most `room` entries. Streams known to be busy share the room among themselves most of the time. */
export function planRead(memory: ReadMemory, streams: readonly string[], room: number): ReadPlan {
  memory.reads += 1;
  const busy = memory.busy.filter((stream) => streams.includes(stream));
  const chosen = busy.length > 0 && memory.reads % wholeReadEvery !== 0 ? busy : streams;
  if (chosen.length <= room) {
    const count = Math.floor(room / Math.max(1, chosen.length));
    return { streams: chosen, count, waitMsMax: chosen.length < streams.length ? 0 : Number.POSITIVE_INFINITY };
  }
  const start = memory.offset % chosen.length;
  memory.offset = start + room;
  return {
    streams: [...chosen.slice(start), ...chosen.slice(0, start)].slice(0, room),
    count: 1,
    waitMsMax: roundWaitMs,
  };
}

/** Remembers which streams gave all that was asked of them. */
export function rememberRead(memory: ReadMemory, plan: ReadPlan, found: readonly { readonly stream: string }[]): void {
  const given = new Map<string, number>();
  for (const { stream } of found) given.set(stream, (given.get(stream) ?? 0) + 1);
  memory.busy = plan.streams.filter((stream) => (given.get(stream) ?? 0) >= plan.count);
}
