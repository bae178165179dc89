import type { CallPriority } from '#adapters/wire/call-priority.ts';
import type { Instrument } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { HistoryBar } from '#engine/live-port.ts';
import { type CandleProblem, mapCandles, minuteMs } from './mapper-candles.ts';
import type { OandaContext } from './oanda-context.ts';
import { readAnswer } from './read-answer.ts';
import { candlesAnswerSchema } from './schema.ts';
import { quarantined } from './transaction-reading.ts';

/** What the venue gives at once. */
export const candlesMax = 5_000;
export const historyRequestsMax = 2_000;

export interface BarSpan {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly priority: CallPriority;
  /** Hears of each candle that cannot be a bar. */
  readonly onProblem: (problem: CandleProblem) => void;
}

/**
 * Closed bars from one open time up to another, oldest first and each once. Minutes without a price have none. What cannot be a bar is
 * left out. Rejects with a `VenueError` where a part is missing.
 */
export async function barsBetween(
  context: OandaContext,
  instrument: Instrument,
  span: BarSpan,
): Promise<readonly HistoryBar[]> {
  const bars: HistoryBar[] = [];
  // Of what is still to come the venue wants no word in a request.
  const nowAt = context.time.now();
  const endAt = Math.min(span.untilAt, floorMinute(nowAt));
  let fromAt = Math.ceil(span.fromAt / minuteMs) * minuteMs;
  for (let request = 0; fromAt < endAt; request += 1) {
    if (request >= historyRequestsMax)
      throw new VenueError('refused', 'TOO_LONG', `at most '${historyRequestsMax * candlesMax}' minutes are asked for`);
    const untilAt = Math.min(endAt, fromAt + candlesMax * minuteMs);
    const answer = await context.rest.candles(instrument.symbol, fromAt, untilAt, span.priority);
    const { candles } = readAnswer(answer, candlesAnswerSchema, `bars of '${instrument.symbol}'`);
    const mapped = mapCandles(instrument, candles, { fromAt, untilAt, nowAt });
    for (const problem of mapped.problems) span.onProblem(problem);
    bars.push(...mapped.bars);
    fromAt = untilAt;
  }
  return bars;
}

export function floorMinute(at: number): number {
  return Math.floor(at / minuteMs) * minuteMs;
}

/** Puts a candle aside that cannot be a bar. */
export function tellCandleProblem(context: OandaContext, instrument: Instrument, problem: CandleProblem): void {
  const { reason, candle } = problem;
  context.tell(quarantined(reason, { instrument: instrument.symbol, candle }, context.reading, 'history'));
}
