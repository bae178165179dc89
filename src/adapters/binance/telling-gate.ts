import type { VenueInput, VenueListener } from '#engine/live-port.ts';
import type { TimePort } from '#engine/ports.ts';
import { redacted } from './quarantine.ts';

/** What is told before anybody listens is kept up to this bound. */
export const keptMax = 500;
/** Quarantined messages in a minute; a venue that sends nothing else must not fill the journal. */
export const quarantinesMax = 60;
const minuteMs = 60_000;

/** The one way out of the adapter: in order, without secrets, and to nobody before the streams are open or after the end. */
export class TellingGate {
  readonly #time: TimePort;
  #listener: VenueListener | undefined;
  #kept: VenueInput[] = [];
  #keptNotices: string[] = [];
  #isClosed = false;
  #quarantinesFrom = 0;
  #quarantines = 0;

  constructor(time: TimePort) {
    this.#time = time;
  }

  open(listener: VenueListener): void {
    this.#listener = listener;
    const [inputs, notices] = [this.#kept, this.#keptNotices];
    this.#kept = [];
    this.#keptNotices = [];
    for (const text of notices) this.notice(text);
    for (const input of inputs) this.tell(input);
  }

  close(): void {
    this.#isClosed = true;
    this.#kept = [];
    this.#keptNotices = [];
  }

  tell(input: VenueInput): void {
    if (this.#isClosed || !this.#admits(input)) return;
    if (this.#listener !== undefined) this.#listener.onInput(input);
    else if (this.#kept.length < keptMax) this.#kept.push(input);
  }

  notice(text: string): void {
    if (this.#isClosed) return;
    if (this.#listener !== undefined) this.#listener.onNotice(redacted(text));
    else if (this.#keptNotices.length < keptMax) this.#keptNotices.push(text);
  }

  #admits({ type }: VenueInput): boolean {
    if (type !== 'message.quarantined') return true;
    const now = this.#time.monotonic();
    if (now - this.#quarantinesFrom >= minuteMs) {
      this.#quarantinesFrom = now;
      this.#quarantines = 0;
    }
    this.#quarantines += 1;
    if (this.#quarantines === quarantinesMax + 1) this.notice('more messages are quarantined than are told of');
    return this.#quarantines <= quarantinesMax;
  }
}
