import { drawWord, type Random } from '#base/random.ts';
import type { WireStream } from '../wire-server.ts';
import { bodyText, type TimeFormat } from './wire-text.ts';

/** One line in so many is cut, as the ends of packets cut lines on a real connection. */
const cutEvery = 4;

/** Writes objects as lines. Now and then a line goes out in two pieces. */
export function lineWriter(stream: WireStream, format: TimeFormat, random: Random): (body: unknown) => void {
  const encoder = new TextEncoder();
  return (body) => {
    const bytes = encoder.encode(`${bodyText(body, format)}\n`);
    const word = drawWord(random, 'place where a line is cut');
    if (word % cutEvery !== 0) {
      stream.write(bytes);
      return;
    }
    const place = 1 + ((word >>> 8) % (bytes.length - 1));
    stream.write(bytes.subarray(0, place));
    stream.write(bytes.subarray(place));
  };
}
