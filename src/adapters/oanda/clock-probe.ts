import { ClockOffset } from '#adapters/wire/clock-offset.ts';
import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import type { TimePort } from '#engine/ports.ts';
import type { OandaContext } from './oanda-context.ts';
import { parseVenueTime } from './oanda-time.ts';
import { pricingAnswerSchema } from './schema.ts';

/** Beyond this nothing is added: times of orders and prices could not be compared (reliability, I-17). */
export const clockOffsetMsMax = 500;
const probeMs = 60_000;
const doubtMs = 3_000;

/** One look at the venue's clock: what it said, and when we asked and heard. Undefined where it said nothing. */
export interface ClockReading {
  readonly sentAt: number;
  readonly serverAt: number;
  readonly receivedAt: number;
}

/**
 * Asks for the venue's time. Polls of prices carry it to the nanosecond; the header of the answer, where that is all there is, is cut to
 * seconds, so the middle of its second is taken.
 */
export async function readClock(time: TimePort, ask: () => Promise<VenueAnswer>): Promise<ClockReading | undefined> {
  const sentAt = time.now();
  const answer = await ask();
  const receivedAt = time.now();
  if (answer.type !== 'answered' || answer.status !== 200) return undefined;
  const parsed = pricingAnswerSchema.safeParse(answer.body);
  const told = parsed.success && parsed.data.time !== undefined ? parseVenueTime(parsed.data.time) : undefined;
  const header = Date.parse(answer.headers['date'] ?? '') + 500;
  const serverAt = told ?? (Number.isNaN(header) ? undefined : header);
  return serverAt === undefined ? undefined : { sentAt, serverAt, receivedAt };
}

/** Watches how far the venue's clock and ours are apart; when they are in doubt it looks more often. */
export class ClockProbe {
  readonly #context: OandaContext;
  readonly #symbol: string;
  readonly #offset = new ClockOffset();
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(context: OandaContext, symbol: string) {
    this.#context = context;
    this.#symbol = symbol;
  }

  open(): void {
    this.#await(0);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  #await(ms: number): void {
    if (this.#isClosed) return;
    this.#cancelTimer = this.#context.time.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { time, rest, health } = this.#context;
    const reading = await readClock(time, () => rest.pricing([this.#symbol]));
    if (this.#isClosed) return;
    if (reading !== undefined) this.#offset.sample(reading);
    const { offsetMs } = this.#offset;
    const isStale = this.#offset.isStale(time.now());
    const isOff = offsetMs === undefined || isStale || Math.abs(offsetMs) > clockOffsetMsMax;
    if (!isOff) health.restore('clock', null);
    else health.impair('clock', null, isStale ? 'the time is not known' : `'${Math.round(offsetMs ?? 0)}' ms apart`);
    this.#await(isOff || this.#isDoubtful(reading) ? doubtMs : probeMs);
  }

  /** A reading far from what was known may be the first of a clock that stepped. */
  #isDoubtful(reading: ClockReading | undefined): boolean {
    if (reading === undefined) return true;
    const { sentAt, serverAt, receivedAt } = reading;
    const apartMs = serverAt - (sentAt + receivedAt) / 2;
    return Math.abs(apartMs - (this.#offset.offsetMs ?? apartMs)) > clockOffsetMsMax / 2;
  }
}
