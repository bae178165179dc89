/** Raised where the store of leases does not answer. What it last granted holds until its time is over. */
export class LeaseStoreError extends Error {
  override readonly name = 'LeaseStoreError';
}

/** The failure of one request, without the address it went to: that may hold a password. */
export function leaseFailure(what: string, error: unknown): LeaseStoreError {
  return new LeaseStoreError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
}
