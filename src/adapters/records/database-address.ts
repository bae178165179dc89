import { RecordError } from './record-error.ts';

/** Where the records are: a file of this machine, or a PostgreSQL server. */
export type DatabaseAddress =
  | { readonly type: 'sqlite'; readonly path: string; readonly shown: string; readonly secrets: readonly string[] }
  | { readonly type: 'postgres'; readonly url: string; readonly shown: string; readonly secrets: readonly string[] };

/** Reads `sqlite:/path/file.sqlite` or `postgres://...`. Throws a `RecordError` of code `address` where the text is neither. */
export function parseDatabaseAddress(url: string): DatabaseAddress {
  if (url.startsWith('sqlite:')) return fileAddress(url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, ''));
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'postgres:' || protocol === 'postgresql:') return serverAddress(url);
  const found = protocol === '' ? 'a text that is no address' : `'${protocol}//'`;
  throw new RecordError('address', `a database's address begins with 'sqlite:' or 'postgres://', found ${found}`);
}

function fileAddress(path: string): DatabaseAddress {
  if (path === '') throw new RecordError('address', "a database's file has a path after 'sqlite:', found none");
  return { type: 'sqlite', path, shown: `sqlite:${path}`, secrets: [] };
}

/** Passwords may stand before the host or among the options; options are not shown at all. */
function serverAddress(url: string): DatabaseAddress {
  const { protocol, host, pathname, password, searchParams } = new URL(url);
  const secrets = [password, decoded(password), searchParams.get('password') ?? ''].filter((secret) => secret !== '');
  const shown = `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  return { type: 'postgres', url, shown, secrets: [...new Set(secrets)] };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
