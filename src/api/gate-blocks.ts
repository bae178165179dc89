import type { EventByType } from '#domain/events.ts';

/** An instrument that a gate has begun to block, and why. */
export interface GateBlock {
  readonly instrument: string;
  readonly reason: string;
}

/**
 * Tells when an active gate begins to block. The journal has a gate's word whenever it changed for any instrument, with the words on all
 * of them, so one that stays blocked is told again there and is not told again here.
 */
export class GateBlocks {
  readonly #wordsByModule = new Map<string, ReadonlyMap<string, string>>();

  observe({ module, slot, mode, entries }: EventByType['module.decided']): readonly GateBlock[] {
    if (slot !== 'gate' || mode !== 'ACTIVE') return [];
    const before = this.#wordsByModule.get(module);
    this.#wordsByModule.set(module, new Map(entries.map(({ subject, code }) => [subject, code])));
    return entries
      .filter(({ subject, code }) => code !== 'pass' && before?.get(subject) !== code)
      .map(({ subject, code }) => ({ instrument: subject, reason: code }));
  }
}
