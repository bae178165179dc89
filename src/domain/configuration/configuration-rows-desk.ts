import { configurationVariable } from './configuration-variable.ts';

/** What is traded, and when. */
export const configurationRowsDesk = [
  configurationVariable({
    name: 'HOTBAND_PAIRS',
    type: 'list',
    default: 'EUR_USD,USD_JPY,GBP_USD,EUR_JPY,USD_CAD,NZD_USD,AUD_USD,USD_CHF',
    origin: 'seed',
    feeds: ['desk.universe'],
    readAt: 'cli',
    meaning: 'The instruments of the FX desk, separated by commas; every part of the house reads this one list.',
  }),
  configurationVariable({
    name: 'SESSION_TRADING_ENABLED',
    type: 'flag',
    default: '1',
    origin: 'seed',
    feeds: ['strategy.sessionTradingEnabled'],
    readAt: 'modules/session-calendar',
    meaning: 'Whether an instrument is traded only while a session of its currencies is open.',
  }),
  configurationVariable({
    name: 'SESSION_EXIT_MINUTES',
    type: 'integer',
    default: '5',
    minimum: 0,
    origin: 'seed',
    feeds: ['strategy.sessionExitMinutes'],
    readAt: 'modules/session-calendar',
    meaning: 'Minutes before the close of its sessions from which an instrument takes no entry and is closed.',
  }),
];
