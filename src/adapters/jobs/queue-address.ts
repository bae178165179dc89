import { JobEngineError } from './job-engine-error.ts';

/** Where a queue is kept: the address as the library for it wants it. */
export interface QueueAddress {
  readonly store: 'valkey' | 'postgres';
  readonly url: string;
  /** Without user, password and options, fit to be printed. */
  readonly shown: string;
}

const stores: Readonly<Record<string, { readonly store: QueueAddress['store']; readonly protocol: string }>> = {
  'redis:': { store: 'valkey', protocol: 'redis:' },
  'rediss:': { store: 'valkey', protocol: 'rediss:' },
  'valkey:': { store: 'valkey', protocol: 'redis:' },
  'valkeys:': { store: 'valkey', protocol: 'rediss:' },
  'postgres:': { store: 'postgres', protocol: 'postgres:' },
  'postgresql:': { store: 'postgres', protocol: 'postgres:' },
};

/** Reads the address of a queue. Throws a `JobEngineError` of code `address`. */
export function queueAddress(url: string): QueueAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const found = parsed === undefined ? undefined : stores[parsed.protocol];
  if (parsed === undefined || found === undefined) {
    const what = parsed === undefined ? 'a text that is no address' : `'${parsed.protocol}//'`;
    throw new JobEngineError(
      'address',
      `a queue's address begins with 'redis://', 'rediss://' or 'postgres://', found ${what}`,
    );
  }
  const { protocol, host, pathname } = parsed;
  return {
    store: found.store,
    url: found.protocol + url.slice(protocol.length),
    shown: `${protocol}//${host}${pathname === '/' ? '' : pathname}`,
  };
}

/** A message without the user and the password that the address holds. */
export function withoutSecrets(text: string, url: string): string {
  if (!URL.canParse(url)) return text;
  const { username, password } = new URL(url);
  return [password, decoded(password), username]
    .filter((secret) => secret.length > 3)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
