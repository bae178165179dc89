import type { KillSwitchReading } from '#domain/keys/key-value.ts';
import type { TimePort } from '#engine/ports.ts';

/** The key as it was read, not before the store was seen to hold the journal up to a sequence. */
export interface MirroredReading {
  readonly key: KillSwitchReading;
  readonly mirroredSequence: number;
  /** True while the store is filled from the past: its key says engaged whatever the desk's switch says. */
  readonly isFilling?: boolean;
}

export interface KillKeyOptions {
  /** Reads how far the store mirrors the journal, and then the key; a failure counts as unreadable. */
  read(): Promise<MirroredReading>;
  /** Whether the desk's own switch is engaged. */
  isEngaged(): boolean;
  /** The sequence of the last change of the desk's own switch: a store that is not as far says nothing of what was set by hand. */
  switchSequence(): number;
  engage(reason: string): void;
  readonly time: TimePort;
  readonly everyMs?: number;
  /** How long the key may be unreadable or not mirrored before that counts as engaged. */
  readonly graceMs?: number;
}

const usualEveryMs = 250;
const usualGraceMs = 10_000;

/**
 * Watches the switch in the key store. A key set by hand engages the desk's switch and never releases it; a key that was there and is
 * gone, or that can not be read for longer than the grace, engages it too: what can not be seen is taken for engaged. A store that is
 * being filled says nothing of what was set by hand, and is waited for as long as it comes nearer to the journal's end.
 */
export class KillKeyWatch {
  readonly #options: KillKeyOptions;
  #lastReadAt: number;
  #cancel: () => void = () => undefined;
  #isStopped = false;
  /** How far the store was at the last look at which it was being filled. */
  #filledTo = -1;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: KillKeyOptions) {
    this.#options = options;
    this.#lastReadAt = options.time.monotonic();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#reading;
  }

  #schedule(): void {
    this.#cancel = this.#options.time.after(this.#options.everyMs ?? usualEveryMs, () => {
      this.#reading = this.#look().finally(() => {
        if (!this.#isStopped) this.#schedule();
      });
    });
  }

  async #look(): Promise<void> {
    const { time, isEngaged, switchSequence, engage } = this.#options;
    const graceMs = this.#options.graceMs ?? usualGraceMs;
    const key = await this.#read();
    if (this.#isStopped) return;
    if (isEngaged() || this.#comesNearer(key)) {
      this.#lastReadAt = time.monotonic();
      return;
    }
    if (key !== undefined && key.isFilling !== true && key.mirroredSequence >= switchSequence()) {
      this.#lastReadAt = time.monotonic();
      this.#judge(key.key);
      return;
    }
    if (time.monotonic() - this.#lastReadAt <= graceMs) return;
    engage(`'ops:kill_switch' could not be read for ${graceMs} ms: what cannot be seen counts as engaged`);
  }

  #comesNearer(key: MirroredReading | undefined): boolean {
    // A store that was emptied once more begins further back.
    if (key?.isFilling !== true || key.mirroredSequence === this.#filledTo) return false;
    this.#filledTo = key.mirroredSequence;
    return true;
  }

  #judge(key: KillSwitchReading): void {
    const { engage } = this.#options;
    if (key === 'engaged') engage("'ops:kill_switch' was set by hand");
    if (key === 'absent') engage("'ops:kill_switch' is gone from the store: an absent key counts as engaged");
  }

  /** Undefined where the store does not answer: the grace decides what that means. */
  async #read(): Promise<MirroredReading | undefined> {
    return this.#options.read().catch(() => undefined);
  }
}
