import type { BinanceRest } from './rest.ts';
import { accountConfigSchema, apiRestrictionsSchema, multiAssetsSchema, positionModeSchema } from './schema.ts';

export interface AccountMode {
  /** Undefined where the venue does not say. */
  readonly canTrade: boolean | undefined;
  readonly isHedged: boolean;
  readonly isMultiAssets: boolean;
}

/** How the account is set to trade. What the short answer leaves out is asked for by itself. Rejects with a `VenueError`. */
export async function readAccountMode(rest: BinanceRest): Promise<AccountMode> {
  const answer = await rest.call('accountConfig', {});
  const config = answer.type === 'confirmed' ? (accountConfigSchema.safeParse(answer.body).data ?? {}) : {};
  const isHedged = config.dualSidePosition ?? (await rest.ask('positionMode', {}, positionModeSchema)).dualSidePosition;
  const isMultiAssets =
    config.multiAssetsMargin ?? (await rest.ask('multiAssets', {}, multiAssetsSchema)).multiAssetsMargin;
  return { canTrade: config.canTrade, isHedged, isMultiAssets };
}

/** Why an account of this mode cannot be traded by us; undefined where it can. */
export function modeProblem({ isHedged, isMultiAssets }: AccountMode): string | undefined {
  if (isHedged) return 'one position for both sides is expected, found hedge mode';
  return isMultiAssets ? 'margin in one asset is expected, found several' : undefined;
}

export interface KeyRights {
  readonly canWithdraw: boolean | undefined;
  readonly canTradeFutures: boolean | undefined;
  readonly isBoundToAddress: boolean | undefined;
}

/** What the key may do, as the wallet's host tells it. Rejects with a `VenueError`. */
export async function readKeyRights(rest: BinanceRest): Promise<KeyRights> {
  const rights = await rest.ask('apiRestrictions', {}, apiRestrictionsSchema);
  return {
    canWithdraw: rights.enableWithdrawals,
    canTradeFutures: rights.enableFutures,
    isBoundToAddress: rights.ipRestrict,
  };
}
