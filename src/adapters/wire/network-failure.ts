import { NetworkError } from '#domain/network-error.ts';

/**
 * Failures that come before a request is written: a name that was not found, a connection that was refused, a certificate that is not
 * trusted. Every other one may have come after, and counts so.
 */
const neverLeft =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|CERT_\w+|UNABLE_TO_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|ERR_TLS_CERT_\w+)$/;

/** What went wrong with a request, told without anything of the request but its method and host: paths and headers may hold secrets. */
export function networkFailure(what: string, error: unknown): NetworkError {
  if (error instanceof NetworkError) return error;
  const code = codeOf(error);
  return new NetworkError(`${what}: '${code}'`, !neverLeft.test(code));
}

/** The code of the system or the library, which is a word of its own and says nothing of the request. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}

/** A request in a word: ('POST', 'https://rest.test/v3/…') gives `'POST' to 'rest.test'`. */
export function requestName(method: string, url: string): string {
  return `'${method}' to '${URL.parse(url)?.host ?? 'an address that is none'}'`;
}
