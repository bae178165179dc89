import type { ConfigurationValues } from '#domain/configuration/configuration-value.ts';
import { settingOf } from '#domain/configuration/configuration-value.ts';
import type { StorePlan } from '#runtime/mirror/desk-stores.ts';

/** Where the environment says that a desk's projections are kept. */
export function storePlan(folder: string, values: ConfigurationValues): StorePlan {
  return { folder, valkeyUrl: address(values, 'VALKEY_URL'), databaseUrl: address(values, 'DATABASE_URL') };
}

function address(values: ConfigurationValues, name: string): string | undefined {
  const value = settingOf(values, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
