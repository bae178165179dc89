import type { LeaseKeeper } from './lease-keeper.ts';

/** A lease that is asked for only once recovery is over. */
export interface RecoveryFence {
  require(): void;
  /** Recovery is over: from here on the lease decides. */
  raise(): void;
}

/**
 * What is sent again in a recovery goes to the venue of this very process, and was sent under the lease before. A recovery holds the
 * process up for longer than a lease is trusted without being renewed, so the fence stands from the first turn on.
 */
export function recoveryFence(lease: Pick<LeaseKeeper, 'require'> | undefined): RecoveryFence {
  let isUp = false;
  return {
    require: () => {
      if (isUp) lease?.require();
    },
    raise: () => {
      isUp = true;
    },
  };
}
