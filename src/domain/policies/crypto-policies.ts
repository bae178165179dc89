import type { PolicyDomain } from '../policies.ts';
import { aiPolicySchema } from './crypto-policies-ai.ts';
import { executionPolicySchema } from './crypto-policies-execution.ts';
import { riskPolicySchema } from './crypto-policies-risk.ts';
import { universePolicySchema } from './crypto-policies-universe.ts';
import { cryptoUpgrades } from './crypto-policies-upgrade.ts';

/** The schema that all four domains are written in now. */
export const cryptoSchemaVersion = 2;

/** The four domains of the crypto desk, in the order in which they are shown. */
export const cryptoPolicyNames = ['risk', 'ai', 'execution', 'universe'] as const;
export type CryptoPolicyName = (typeof cryptoPolicyNames)[number];

const common = { version: cryptoSchemaVersion, isDeskWide: true, keptForDesk: 'crypto' } as const;

/** A document is the section of that name without its prefix: `risk/crypto` holds what others know as `risk_policy`. */
export const cryptoPolicies: Readonly<Record<CryptoPolicyName, PolicyDomain>> = {
  risk: { schema: riskPolicySchema, upgrades: [cryptoUpgrades.risk], ...common },
  ai: { schema: aiPolicySchema, upgrades: [cryptoUpgrades.ai], ...common },
  execution: { schema: executionPolicySchema, upgrades: [cryptoUpgrades.execution], ...common },
  universe: { schema: universePolicySchema, upgrades: [cryptoUpgrades.universe], ...common },
};
