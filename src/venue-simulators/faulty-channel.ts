import { assert } from '#base/assert.ts';
import { createRandom, draw, drawWord, type Random } from '#base/random.ts';
import type { TimePort } from '#engine/ports.ts';
import type { StreamFault } from './fault-script.ts';

/** How many messages may be held back at once. */
const HELD_MESSAGES_MAX = 100_000;

interface Armed {
  readonly fault: StreamFault;
  readonly fromAt: number;
  readonly untilAt: number;
  left: number;
  lost: number;
}

export interface ChannelOut {
  send(text: string): void;
  /** Null where messages are not bytes and cannot be cut. */
  readonly sendBytes: ((bytes: Uint8Array) => void) | null;
  end(): void;
}

export interface ChannelOptions {
  /** Path and query that it was opened with. */
  readonly address: string;
  readonly out: ChannelOut;
  readonly faults: readonly Armed[];
  readonly time: TimePort;
  readonly seed: number;
}

/**
 * What a venue says over one stream or socket, on its way through the faults of a script. A message goes through drops and stalls, then is
 * doubled, held back and cut, in that order.
 */
export class FaultyChannel {
  readonly #options: ChannelOptions;
  readonly #random: Random;
  readonly #faults: readonly Armed[];
  #held: string[] = [];
  #forgetRelease: (() => void) | undefined;
  #isClosed = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed, `channel ${options.address}`);
    this.#faults = options.faults.filter(({ fault }) => this.isMeant(fault));
    // What is opened while everything is cut off ends before it says anything.
    if (this.#inForce('disconnect') !== undefined) options.time.after(0, () => this.cut());
  }

  /** Whether a fault is one of this stream or socket. */
  isMeant({ stream }: StreamFault): boolean {
    return stream === undefined || new RegExp(stream).test(this.#options.address);
  }

  /** Whether messages must be looked at one by one. */
  isTouched(): boolean {
    return this.#faults.length > 0;
  }

  /** Bytes that no fault is meant for. */
  pass(bytes: Uint8Array): void {
    this.#options.out.sendBytes?.(bytes);
  }

  send(text: string): void {
    if (this.#isClosed || this.#isLost(text)) return;
    const copies = this.#isDoubled(text) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#holdOrSay(text);
  }

  /** Says a text whatever faults there are but for the cutting. */
  say(text: string): void {
    if (this.#isClosed) return;
    const chop = this.#inForce('chop')?.fault;
    const { out } = this.#options;
    if (chop?.type !== 'chop' || out.sendBytes === null) {
      out.send(text);
      return;
    }
    const end = chop.hasCarriageReturns ? '\r\n' : '\n';
    const bytes = new TextEncoder().encode(text + end + (chop.hasEmptyLines ? end : ''));
    for (let from = 0; from < bytes.length; ) {
      const length = 1 + (drawWord(this.#random, 'piece of a line') % chop.bytesMax);
      out.sendBytes(bytes.subarray(from, from + length));
      from += length;
    }
  }

  /** Whether the venue's own pings get through. */
  hasPings(): boolean {
    const stall = this.#inForce('stall')?.fault;
    return stall?.type !== 'stall' || stall.hasPings;
  }

  /** The venue ends it: what is held back is said first. */
  finish(): void {
    if (this.#isClosed) return;
    this.#release();
    this.#options.out.end();
  }

  /** It breaks: what is held back is lost. */
  cut(): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.out.end();
  }

  close(): void {
    this.#isClosed = true;
    this.#forgetRelease?.();
    this.#held = [];
  }

  #inForce(type: StreamFault['type'], text = ''): Armed | undefined {
    const at = this.#options.time.now();
    return this.#faults.find(
      (each) =>
        each.fault.type === type && at >= each.fromAt && at < each.untilAt && each.left > 0 && isText(each.fault, text),
    );
  }

  #isLost(text: string): boolean {
    // A stall is a span and not a number of messages, so it is never used up.
    if (this.#inForce('stall', text) !== undefined) return true;
    const drop = this.#inForce('drop', text);
    if (drop?.fault.type !== 'drop') return false;
    // Counted over every stream: one that is opened anew does not begin the loss again.
    drop.lost += 1;
    if (drop.lost < drop.fault.count) return true;
    drop.lost = 0;
    drop.left -= 1;
    return true;
  }

  #isDoubled(text: string): boolean {
    const found = this.#inForce('duplicate', text);
    if (found?.fault.type !== 'duplicate') return false;
    if (draw(this.#random, 'message said twice') >= found.fault.fraction) return false;
    if (found.left !== Infinity) found.left -= 1;
    return true;
  }

  #holdOrSay(text: string): void {
    const found = this.#inForce('reorder', text);
    if (found?.fault.type !== 'reorder') {
      this.say(text);
      return;
    }
    assert(this.#held.length < HELD_MESSAGES_MAX, `more than ${HELD_MESSAGES_MAX} messages are held back`);
    this.#held.push(text);
    if (this.#forgetRelease !== undefined) return;
    this.#forgetRelease = this.#options.time.after(found.fault.windowMs, () => {
      if (found.left !== Infinity) found.left -= 1;
      this.#release();
    });
  }

  #release(): void {
    this.#forgetRelease?.();
    this.#forgetRelease = undefined;
    const held = this.#held;
    this.#held = [];
    for (let count = held.length; count > 0; count -= 1) {
      const [text] = held.splice(drawWord(this.#random, 'message let out') % count, 1);
      if (text !== undefined) this.say(text);
    }
  }
}

function isText(fault: StreamFault, text: string): boolean {
  if (!('except' in fault) && !('only' in fault)) return true;
  const isMeant = !('only' in fault) || fault.only === undefined || new RegExp(fault.only).test(text);
  return isMeant && !('except' in fault && fault.except !== undefined && new RegExp(fault.except).test(text));
}
