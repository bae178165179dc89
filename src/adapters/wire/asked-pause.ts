import type { HttpAnswer } from '#engine/ports.ts';

/** What is waited where the venue names no time: two minutes is the shortest ban there is. */
const pauseMsByStatus: Readonly<Record<number, number>> = { 429: 5_000, 418: 120_000 };
const pauseMsMin = 1_000;
/** A ban told as an instant is of the venue's clock, which ours may be ahead of. */
const clockMarginMs = 1_000;

/**
 * The instant, ms UTC, until which an answer asks not to be called: from the `retry-after` header of a 429 or 418, in seconds or as a
 * date, and from the words `banned until` of an error -1003, whatever its status. The later one where there are two; undefined where nothing is asked.
 */
export function askedPauseUntil(answer: HttpAnswer, body: unknown, now: number): number | undefined {
  const ownMs = pauseMsByStatus[answer.status];
  const bannedUntil = bannedUntilOf(body);
  if (ownMs === undefined) return bannedUntil;
  const headerUntil = retryAfterOf(answer.headers['retry-after'], now);
  const told = [headerUntil, bannedUntil].filter((at) => at !== undefined);
  return told.length === 0 ? now + ownMs : Math.max(now + pauseMsMin, ...told);
}

function retryAfterOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return now + Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function bannedUntilOf(body: unknown): number | undefined {
  const error = Object(body);
  const message: unknown = Reflect.get(error, 'msg');
  if (Number(Reflect.get(error, 'code')) !== -1003 || typeof message !== 'string') return undefined;
  const until = /banned until (\d{13})\b/i.exec(message)?.[1];
  return until === undefined ? undefined : Number(until) + clockMarginMs;
}
