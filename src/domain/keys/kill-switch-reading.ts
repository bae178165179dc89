import type { KillSwitchReading } from './key-value.ts';

/** The key of the kill switch. */
export const killSwitchKey = 'ops:kill_switch';

const releasedTexts = ['0', 'false', 'False'];

/** What the key's text says (FX desk specification b.3): everything but three spellings of no is engaged. */
export function killSwitchReading(text: string | undefined): KillSwitchReading {
  if (text === undefined) return 'absent';
  return releasedTexts.includes(text) ? 'released' : 'engaged';
}
