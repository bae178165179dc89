import { writeFileSync } from 'node:fs';
import { coinGecko } from '#adapters/coingecko/index.ts';
import { fixtureSocial, SocialRecordError } from '#adapters/social/fixture-social.ts';
import { recordingNetwork } from '#adapters/social/recording-network.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { systemNetwork } from '#adapters/wire/system-network.ts';
import { xSentiment } from '#adapters/x/index.ts';
import { type ConfigurationValues, settingOf, textOf } from '#domain/configuration/configuration-value.ts';
import type { SentimentProvider, TrendingProvider } from '#domain/social.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';
import { sentimentScorer } from '#metrics/sentiment/sentiment-scorer.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import type { CommandContext } from './command-context.ts';
import { UsageError } from './refusal.ts';

/** Who tells what the crowd seeks and says. */
export interface SocialSources {
  readonly trending: TrendingProvider;
  readonly sentiment: SentimentProvider;
}

/** Keeps a record of the answers in a file that is not there yet. */
export interface SocialPlace {
  readonly record?: string;
}

/** Stands for the token where recorded answers are given, for which nobody asks for one. */
const recordedToken = 'recorded';

/**
 * Works with CoinGecko and X as the environment names them, or with the record that it names in their place. Throws a `UsageError` where
 * an address or a record is none, or a key would be sent in the open.
 */
export async function withSocial(
  { record }: SocialPlace,
  { environment, output }: CommandContext,
  work: (sources: SocialSources) => Promise<void>,
): Promise<void> {
  const values = configurationFrom(environment);
  const from = settingOf(values, 'TRADEWIND_SOCIAL_RECORD');
  if (typeof from === 'string') {
    if (record !== undefined) throw new UsageError("expected '--record' without TRADEWIND_SOCIAL_RECORD, found both");
    await work(recordedSources(from, values, output.note));
    return;
  }
  const network = systemNetwork();
  try {
    const heard = recordingNetwork(network, systemTime);
    await work(sourcesOver({ network: heard, time: systemTime }, values, output.note));
    const told = heard.record();
    if (record !== undefined && told !== undefined) writeRecord(record, JSON.stringify(told));
  } finally {
    await network.close();
  }
}

interface World {
  readonly network: NetworkPort;
  readonly time: TimePort;
}

type Note = (text: string) => void;

function recordedSources(file: string, values: ConfigurationValues, onNotice: Note): SocialSources {
  try {
    return sourcesOver(fixtureSocial(file, systemTime), values, onNotice, recordedToken);
  } catch (error) {
    if (error instanceof SocialRecordError) throw new UsageError(error.message);
    throw error;
  }
}

function sourcesOver(world: World, values: ConfigurationValues, onNotice: Note, standIn?: string): SocialSources {
  const apiKey = settingOf(values, 'COINGECKO_API_KEY');
  const token = standIn ?? settingOf(values, 'X_BEARER_TOKEN');
  const gecko = addressOf(values, 'COINGECKO_API_URL', typeof apiKey === 'string');
  const x = addressOf(values, 'X_API_URL', typeof token === 'string');
  const keyed = typeof apiKey === 'string' ? { apiKey } : {};
  const allowed = typeof token === 'string' ? { token } : {};
  return {
    trending: coinGecko({ ...world, ...keyed, address: gecko, onNotice, baseCurrencies: [] }),
    sentiment: xSentiment({ ...world, ...allowed, address: x, onNotice, scorer: sentimentScorer }),
  };
}

/** An address without a path. What carries a key leaves this machine only in a sealed connection. */
function addressOf(values: ConfigurationValues, name: string, isKeyed: boolean): string {
  const text = textOf(values, name);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:');
  const isPlain = isWeb && url.username === '' && url.pathname === '/' && url.search === '' && url.hash === '';
  // Not shown: an address may hold a password where none belongs.
  if (!isPlain) throw new UsageError(`expected an address like 'https://api.x.com' in ${name}, found another form`);
  const isNear = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (isKeyed && url.protocol !== 'https:' && !isNear) {
    throw new UsageError(`expected 'https:' in ${name}, found 'http:', over which a key could be read on the way`);
  }
  return url.origin;
}

function writeRecord(file: string, text: string): void {
  try {
    writeFileSync(file, `${text}\n`, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`expected a file that can be made at '${file}', but it cannot (${code})`);
  }
}
