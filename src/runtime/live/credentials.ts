import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { VenueEnvironment } from '#engine/live-port.ts';
import { RunError } from '../run-folder.ts';

/** What opens an account. Never shown, logged or kept by anybody. */
export type Credentials =
  | { readonly venue: 'oanda'; readonly accountId: string; readonly token: string }
  | { readonly venue: 'binance'; readonly apiKey: string; readonly apiSecret: string };

/** An account with the environment that its key belongs to. */
export interface NamedAccount {
  readonly name: string;
  readonly environment: VenueEnvironment;
  readonly credentials: Credentials;
  /** Values that must not turn up anywhere. */
  readonly secrets: readonly string[];
}

export interface AskedAccount {
  readonly venue: 'oanda' | 'binance';
  readonly name: string;
  /** What was asked for; else what accounts file or environment say, and practice where they say nothing. */
  readonly environment: VenueEnvironment | undefined;
  /** A file that lists accounts; undefined where there is none. */
  readonly accountsFile: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const keyFile = z.string().min(1);
const accountSchema = z.discriminatedUnion('venue', [
  z.strictObject({
    venue: z.literal('oanda'),
    environment: z.enum(['simulated', 'practice', 'live']),
    accountId: z.string().min(1),
    tokenFile: keyFile,
  }),
  z.strictObject({
    venue: z.literal('binance'),
    environment: z.enum(['simulated', 'practice', 'live']),
    apiKeyFile: keyFile,
    apiSecretFile: keyFile,
  }),
]);
const accountsSchema = z.strictObject({ accounts: z.record(z.string().min(1), accountSchema) });
type ListedAccount = z.infer<typeof accountSchema>;

/**
 * The keys of an account: those that an accounts file lists under its name, else those of the environment. A key belongs to one
 * environment and is used with no other. A `RunError` says what is missing, and never what was found.
 */
export function accountOf(asked: AskedAccount, environment: Environment): NamedAccount {
  const listed = asked.accountsFile === undefined ? undefined : listedAccount(asked.accountsFile, asked.name);
  if (listed !== undefined) return fromFile(asked, listed);
  return asked.venue === 'oanda' ? oandaAccount(asked, environment) : binanceAccount(asked, environment);
}

function listedAccount(path: string, name: string): ListedAccount | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new RunError(`accounts file '${path}': expected a file that can be read`);
  }
  const parsed = accountsSchema.safeParse(yamlOf(path, text));
  if (parsed.success) return parsed.data.accounts[name];
  // A key that was pasted into the file must not be shown by the complaint about it.
  throw new RunError(
    `accounts file '${path}': field '${parsed.error.issues[0]?.path.join('.') ?? ''}' is not as expected`,
  );
}

function yamlOf(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new RunError(`accounts file '${path}': expected YAML`);
  }
}

function fromFile(asked: AskedAccount, listed: ListedAccount): NamedAccount {
  const { name } = asked;
  if (listed.venue !== asked.venue)
    throw new RunError(`account '${name}' is listed at '${listed.venue}', asked for at '${asked.venue}'`);
  if (asked.environment !== undefined && asked.environment !== listed.environment)
    throw new RunError(`account '${name}' is listed as '${listed.environment}', asked for as '${asked.environment}'`);
  const credentials: Credentials =
    listed.venue === 'oanda'
      ? { venue: 'oanda', accountId: listed.accountId, token: secretIn(listed.tokenFile) }
      : { venue: 'binance', apiKey: secretIn(listed.apiKeyFile), apiSecret: secretIn(listed.apiSecretFile) };
  return named(name, listed.environment, credentials);
}

function oandaAccount(asked: AskedAccount, variables: Environment): NamedAccount {
  const stated = variables['OANDA_ENVIRONMENT'] === 'live' ? 'live' : 'practice';
  const environment = environmentOf(asked, stated, 'OANDA_ENVIRONMENT');
  const token = required(variables, 'OANDA_API_KEY');
  const accountId = required(variables, 'OANDA_ACCOUNT_ID');
  return named(asked.name, environment, { venue: 'oanda', accountId, token });
}

function binanceAccount(asked: AskedAccount, variables: Environment): NamedAccount {
  const stated = /^(?:0|false|no|off)$/i.test(variables['BINANCE_TESTNET']?.trim() ?? '1') ? 'live' : 'practice';
  const environment = environmentOf(asked, stated, 'BINANCE_TESTNET');
  const isLive = environment === 'live';
  const apiKey = required(variables, isLive ? 'BINANCE_API_KEY' : 'BINANCE_TESTNET_API_KEY');
  const apiSecret = isLive
    ? (optional(variables, 'BINANCE_API_SECRET') ?? required(variables, 'BINANCE_SECRET'))
    : required(variables, 'BINANCE_TESTNET_SECRET_KEY');
  return named(asked.name, environment, { venue: 'binance', apiKey, apiSecret });
}

/** A live account wants to be named twice: on the command line and where its key is from. */
function environmentOf(asked: AskedAccount, stated: 'practice' | 'live', variable: string): VenueEnvironment {
  const environment = asked.environment ?? stated;
  if (environment === 'live' && stated !== 'live')
    throw new RunError(`'--environment live': expected '${variable}' to say so, too`);
  if (environment === 'practice' && stated === 'live')
    throw new RunError(
      `'--environment practice': the keys at hand are those of the live environment, says '${variable}'`,
    );
  return environment;
}

function required(variables: Environment, name: string): string {
  const value = optional(variables, name);
  if (value !== undefined) return value;
  throw new RunError(`expected '${name}', or '${name}_FILE' with the path of a file, found neither`);
}

function optional(variables: Environment, name: string): string | undefined {
  const value = variables[name]?.trim() ?? '';
  const path = variables[`${name}_FILE`]?.trim() ?? '';
  if (value !== '' && path !== '') throw new RunError(`expected '${name}' or '${name}_FILE', found both`);
  if (path !== '') return secretIn(path);
  return value === '' ? undefined : value;
}

/** Others on the machine must not be able to read a key. */
function secretIn(path: string): string {
  let mode: number;
  let text: string;
  try {
    ({ mode } = statSync(path));
    text = readFileSync(path, 'utf8').trim();
  } catch {
    throw new RunError(`key file '${path}': expected a file that can be read`);
  }
  if ((mode & 0o077) !== 0) {
    const found = (mode & 0o777).toString(8).padStart(4, '0');
    throw new RunError(`key file '${path}': expected mode '0600', found '${found}': others can read it`);
  }
  if (text === '') throw new RunError(`key file '${path}': expected a key, found an empty file`);
  return text;
}

function named(name: string, environment: VenueEnvironment, credentials: Credentials): NamedAccount {
  const secrets = credentials.venue === 'oanda' ? [credentials.token] : [credentials.apiKey, credentials.apiSecret];
  return { name, environment, credentials, secrets };
}
