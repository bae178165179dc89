import type { EventByType } from '#domain/events.ts';
import type { TimePort } from '#engine/ports.ts';

type Charge = EventByType['financing.charged'];

/** Charges of all instruments at one turn of the day belong together: they are written as one, before anything that comes after. */
export class FinancingCollector {
  readonly #time: TimePort;
  readonly #write: (charges: readonly Charge[]) => void;
  #charges: Charge[] = [];
  #forget: (() => void) | undefined;

  constructor({ time, write }: { time: TimePort; write: (charges: readonly Charge[]) => void }) {
    this.#time = time;
    this.#write = write;
  }

  add(charge: Charge): void {
    if (charge.amount === 0) return;
    if ((this.#charges[0]?.at ?? charge.at) !== charge.at) this.flush();
    this.#charges.push(charge);
    this.#forget ??= this.#time.after(0, () => this.flush());
  }

  flush(): void {
    this.#forget?.();
    this.#forget = undefined;
    const charges = this.#charges;
    this.#charges = [];
    if (charges.length > 0) this.#write(charges);
  }

  close(): void {
    this.#forget?.();
  }
}
