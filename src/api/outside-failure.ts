/** What an answer says of something the API stands on that failed. */
export interface OutsideFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const statusByCode: Readonly<Record<string, { readonly status: number; readonly code: string }>> = {
  unreachable: { status: 503, code: 'unreachable' },
  tooMany: { status: 400, code: 'too-many' },
};

/**
 * Stores and engines in other processes raise errors whose code says why; their messages hold no secrets. Undefined for every other
 * error, which is a mistake of our own.
 */
export function outsideFailure(error: unknown): OutsideFailure | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const found = Object.hasOwn(statusByCode, error.code) ? statusByCode[error.code] : undefined;
  return found === undefined ? undefined : { ...found, message: error.message };
}
