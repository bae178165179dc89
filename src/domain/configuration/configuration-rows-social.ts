import { configurationVariable } from './configuration-variable.ts';

/** What the crowd seeks and says: keys of the services that tell, and where they are. */
export const configurationRowsSocial = [
  configurationVariable({
    name: 'COINGECKO_API_KEY',
    kind: 'secret',
    type: 'text',
    origin: 'house',
    readAt: 'cli',
    meaning: 'Key of a CoinGecko account; without it the public limits hold.',
  }),
  configurationVariable({
    name: 'COINGECKO_API_URL',
    kind: 'process',
    type: 'url',
    default: 'https://api.coingecko.com',
    origin: 'house',
    readAt: 'cli',
    meaning: 'Address of the CoinGecko API, without a path; paying customers have one of their own.',
  }),
  configurationVariable({
    name: 'X_BEARER_TOKEN',
    aliases: ['TWITTER_BEARER_TOKEN'],
    kind: 'secret',
    type: 'text',
    origin: 'house',
    readAt: 'cli',
    meaning: 'Token of an X application; without it sentiment is neutral and of quality 0.',
  }),
  configurationVariable({
    name: 'X_API_URL',
    kind: 'process',
    type: 'url',
    default: 'https://api.x.com',
    origin: 'house',
    readAt: 'cli',
    meaning: 'Address of the X API, without a path.',
  }),
  configurationVariable({
    name: 'TRADEWIND_SOCIAL_RECORD',
    kind: 'process',
    type: 'text',
    origin: 'house',
    readAt: 'cli',
    meaning: 'File of recorded answers that stand in for CoinGecko and X, for work without a network.',
  }),
];
