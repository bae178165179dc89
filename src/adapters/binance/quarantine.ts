import type { VenueInput } from '#engine/live-port.ts';

const excerptMax = 500;
/** Long runs of letters and digits may be keys; what they were is of no use in a log. */
const secretLike = /[A-Za-z0-9+/_-]{40,}={0,2}/g;
const named = /((?:signature|listenKey|apiKey|secret|token)["']?\s*[:=]\s*["']?)[^"'&\s,}]+/gi;

/** Something that could not be understood, put aside with a piece of it that holds no secret. */
export function quarantined(part: string, reason: string, text: string): VenueInput {
  return { type: 'message.quarantined', part, reason: redacted(reason), excerpt: redacted(text).slice(0, excerptMax) };
}

/** A text without what could be a key, a signature or an address that holds one. */
export function redacted(text: string): string {
  return text
    .slice(0, 4 * excerptMax)
    .replace(named, '$1…')
    .replace(secretLike, '…');
}
