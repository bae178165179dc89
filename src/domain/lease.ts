/** The right to trade one account, for a while. Tokens only ever grow: who shows an older one has been replaced. */
export interface Lease {
  readonly account: string;
  /** Who holds it: a process, named so that an operator finds it. */
  readonly holder: string;
  readonly token: number;
}

/** Why a lease was not given: somebody else's runs for so many milliseconds more. */
export interface LeaseRefusal {
  readonly holder: string;
  readonly remainingMs: number;
}
