import type { StrategyPolicy } from '#domain/policies.ts';

/** Everything of a strategy that moves a shadow run. How windows are signed does not. */
export type ShadowSettings = Omit<StrategyPolicy, 'signaturePrecision' | 'signatureLookbackMinutes'>;

/** The settings of a run: a strategy in force with what a candidate changes. */
export function shadowSettings(strategy: StrategyPolicy, changes: Partial<StrategyPolicy> = {}): ShadowSettings {
  const { signaturePrecision: _, signatureLookbackMinutes: __, ...settings } = { ...strategy, ...changes };
  return settings;
}

/** Whether two runs would do the same. */
export function isSameSettings(first: ShadowSettings, second: ShadowSettings): boolean {
  const names = Object.keys(first);
  if (names.length !== Object.keys(second).length) return false;
  return names.every((name) => Reflect.get(first, name) === Reflect.get(second, name));
}
