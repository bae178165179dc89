import { WireError } from './wire-error.ts';

const lineBytesMax = 1_048_576;
const lineFeed = 0x0a;

/**
 * Cuts a stream of bytes into lines, however the network cut it before. A line ends with a line feed, with or without a carriage return;
 * empty ones, sent to keep a connection alive, are dropped. Bytes that are no UTF-8 become replacement characters.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** A copy of the line begun: whoever handed its bytes over may use their memory again. */
  #held = new Uint8Array(256);
  #heldBytes = 0;

  /** The lines that these bytes end. Throws a `WireError` for a line of more than 1 MiB; the splitter is of no use after that. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
      const line = this.#finish(bytes.subarray(start, end));
      if (line !== '') lines.push(line);
      start = end + 1;
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
    return lines;
  }

  #finish(last: Uint8Array): string {
    this.#hold(last);
    const text = this.#decoder.decode(this.#held.subarray(0, this.#heldBytes));
    this.#heldBytes = 0;
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }

  #hold(bytes: Uint8Array): void {
    const length = this.#heldBytes + bytes.length;
    if (length > lineBytesMax) {
      throw new WireError(`a line has at most ${lineBytesMax} bytes, found '${length}' or more`);
    }
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#heldBytes);
    this.#heldBytes = length;
  }
}
