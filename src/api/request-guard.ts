import { isIP } from 'node:net';

/** Headers of every answer: nothing but the page's own files is loaded, nothing is framed, nothing is kept. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'cache-control': 'no-store',
};

const loopbackNames = ['localhost', '127.0.0.1', '::1'];
const wildcards = ['0.0.0.0', '::'];
const hostPattern = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i;

/** Where a request says it goes and comes from. */
export interface RequestSource {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/**
 * Why a request is turned away, or undefined. A name that leads to this machine without being its own is what a foreign page uses to
 * speak to local servers, and a foreign origin is what it cannot hide; an address of numbers cannot be bent that way. Names that the
 * operator allows are as good as its own.
 */
export function requestProblem(
  { host, origin }: RequestSource,
  boundHost: string,
  allowedHosts: readonly string[] = [],
): string | undefined {
  const name = host === undefined ? undefined : hostName(host);
  if (name === undefined || !(isOwnName(name, boundHost) || allowedHosts.includes(name))) {
    return `requests are answered for 'localhost' or '${boundHost}', found '${host ?? ''}'`;
  }
  if (origin === undefined || origin.toLowerCase() === `http://${host?.toLowerCase()}`) return undefined;
  return `requests are answered for pages of this server, found one of '${origin}'`;
}

function hostName(host: string): string | undefined {
  const match = hostPattern.exec(host);
  return match === null ? undefined : (match[1] ?? match[2] ?? '').toLowerCase();
}

function isOwnName(name: string, boundHost: string): boolean {
  if (loopbackNames.includes(name) || name === boundHost.toLowerCase()) return true;
  return wildcards.includes(boundHost) && isIP(name) !== 0;
}
