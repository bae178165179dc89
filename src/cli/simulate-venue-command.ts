import { Argument, type Command } from 'commander';
import { variableNamed } from '#domain/configuration/configuration.ts';
import { createBinanceServer } from '#venue-simulators/binance/binance-server.ts';
import {
  type FaultScript,
  FaultScriptError,
  parseFaultScript,
  readFaultScript,
} from '#venue-simulators/fault-script.ts';
import { type ActingServer, faultyServer } from '#venue-simulators/faulty-server.ts';
import { createOandaServer, usualAccountId } from '#venue-simulators/oanda/oanda-server.ts';
import { type ServedWire, serveWire } from '#venue-simulators/serve-wire.ts';
import type { CommandContext } from './command-context.ts';
import { amount, symbols, wholeNumber } from './option-parsers.ts';
import type { Output } from './output.ts';
import { UsageError } from './refusal.ts';
import { type SimulatedMarket, simulatedMarket } from './simulated-market.ts';
import { type StopSignal, stopSignal } from './stop-signal.ts';

type VenueName = 'oanda' | 'binance';

interface SimulateVenueArguments {
  readonly port: number;
  readonly streamPort?: number;
  readonly host: string;
  readonly script?: string;
  readonly seed: number;
  readonly speed: number;
  readonly instruments?: string;
  readonly balance: number;
  readonly quotes: number;
  readonly token?: string;
  readonly key?: string;
  readonly secret?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Those that the desks trade unless configured otherwise. */
const usualInstruments = {
  oanda: variableNamed('HOTBAND_PAIRS').default ?? '',
  binance: variableNamed('BINANCE_SYMBOLS').default ?? '',
} as const;
/** What a client must show where nothing else was asked for: it opens nothing but this simulator, and so it is told. */
const usualCredentials = { token: 'simulated-token', key: 'simulated-key', secret: 'simulated-secret' } as const;

/** `simulate-venue`: a venue's wire protocol on this machine, with a market and an account behind it. */
export function registerSimulateVenue(program: Command, context: CommandContext): void {
  program
    .command('simulate-venue')
    .description("serve a venue's own protocol on this machine, with a simulated market and account behind it")
    .addArgument(new Argument('<venue>', 'whose protocol').choices(['oanda', 'binance']))
    .option('--port <number>', 'port to listen on, 0 for any free one', wholeNumber(0, 65_535), 8_110)
    .option('--stream-port <number>', 'a port of its own for streams', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--script <file>', 'faults to play, as JSON')
    .option('--seed <number>', 'seed of the market', wholeNumber(0, 4_294_967_295), 1)
    .option('--speed <factor>', 'time at the venue per time of the clock', wholeNumber(1, 100_000), 1)
    .option('--instruments <names>', 'as the venue spells them, separated by commas; those of the desk unless told')
    .option('--balance <amount>', 'account balance', amount, 100_000)
    .option('--quotes <number>', 'quotes a minute and instrument', wholeNumber(1, 600), 60)
    .option('--token <text>', "OANDA's token; 'simulated-token' unless told")
    .option('--key <text>', "Binance's key; 'simulated-key' unless told")
    .option('--secret <text>', "Binance's secret; 'simulated-secret' unless told")
    .option('--data <folder>', 'recorded bars in place of the synthetic market')
    .option('--json', 'tell what happens as JSON, one object a line')
    .addHelpText('after', '\nExit codes: 0 stopped in order, 1 it failed, 2 bad options or a port in use.')
    .action(async (venue: VenueName, options: SimulateVenueArguments) =>
      simulateVenue({ venue, options }, context.output, stopSignal()),
    );
}

/** Serves until it is asked to stop. */
export async function simulateVenue(
  { venue, options }: { venue: VenueName; options: SimulateVenueArguments },
  output: Output,
  stop: StopSignal,
): Promise<void> {
  try {
    const script = scriptOf(options);
    const market = openMarket(venue, options);
    for (const warning of market.warnings) output.note(warning);
    const server = played(serverOf(venue, options, market), script, market);
    market.floor.start();
    try {
      const served = await serve(server, options);
      tellServing({ venue, options, market, served }, output);
      await stop.wait();
      if (options.json !== true) output.line(`stopping: ${stop.reason()}`);
      await served.close();
      if (options.json === true) output.json({ what: 'stopped', reason: stop.reason() });
    } finally {
      market.floor.stop();
    }
  } finally {
    stop.release();
  }
}

function scriptOf({ script }: SimulateVenueArguments): FaultScript {
  try {
    return script === undefined ? parseFaultScript({ faults: [] }) : readFaultScript(script);
  } catch (error) {
    if (error instanceof FaultScriptError) throw new UsageError(`'--script': ${error.message}`);
    throw error;
  }
}

function played(server: ActingServer, script: FaultScript, { time }: SimulatedMarket): ActingServer {
  try {
    return faultyServer(server, script, time);
  } catch (error) {
    throw new UsageError(`'--script': ${(error as Error).message}`);
  }
}

function openMarket(venue: VenueName, options: SimulateVenueArguments): SimulatedMarket {
  const { seed, speed, balance, quotes, data } = options;
  return simulatedMarket({
    venue,
    symbols: symbolsOf(venue, options.instruments ?? usualInstruments[venue]),
    seed,
    speed,
    balance,
    quotesPerMinute: quotes,
    ...(data === undefined ? {} : { data }),
  });
}

function symbolsOf(venue: VenueName, text: string): readonly string[] {
  if (venue === 'oanda') return pairsIn(text);
  const found = [...new Set(text.split(',').map((name) => name.trim().toUpperCase()))];
  const wrong = found.find((name) => !/^[A-Z0-9]{2,12}USDT$/.test(name));
  if (wrong !== undefined) throw new UsageError(`'--instruments': expected names like BTCUSDT, found '${wrong}'`);
  return found;
}

/** The option's own words, which the command line's parser would have said had it known the venue. */
function pairsIn(text: string): readonly string[] {
  try {
    return symbols(text);
  } catch (error) {
    throw new UsageError(`'--instruments': ${(error as Error).message}`);
  }
}

function serverOf(venue: VenueName, options: SimulateVenueArguments, { time, floor }: SimulatedMarket): ActingServer {
  const { seed } = options;
  const token = options.token ?? usualCredentials.token;
  if (venue === 'oanda') return createOandaServer({ time, floor, token, seed });
  const apiKey = options.key ?? usualCredentials.key;
  return createBinanceServer({ time, floor, seed, apiKey, apiSecret: options.secret ?? usualCredentials.secret });
}

async function serve(server: ActingServer, { host, port, streamPort }: SimulateVenueArguments): Promise<ServedWire> {
  try {
    return await serveWire(server, { host, port, ...(streamPort === undefined ? {} : { streamPort }) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`'--port': cannot listen on '${host}' port ${port}, the system answered '${code}'`);
  }
}

interface Serving {
  readonly venue: VenueName;
  readonly options: SimulateVenueArguments;
  readonly market: SimulatedMarket;
  readonly served: ServedWire;
}

/** Where it is and what to show. Credentials that were given are named, and not told. */
function tellServing({ venue, options, market, served }: Serving, output: Output): void {
  const names = venue === 'oanda' ? (['token'] as const) : (['key', 'secret'] as const);
  const credentials = Object.fromEntries(
    names.map((name) => [name, options[name] === undefined ? usualCredentials[name] : `as given by --${name}`]),
  );
  const { host, port, streamPort } = served;
  const facts = {
    address: `http://${host}:${port}`,
    streams: `${venue === 'oanda' ? 'http' : 'ws'}://${host}:${streamPort}`,
    ...(venue === 'oanda' ? { account: usualAccountId } : {}),
    ...credentials,
    instruments: market.symbols.join(','),
    time: new Date(market.time.now()).toISOString(),
    script: options.script ?? 'none',
  };
  if (options.json === true) {
    output.json({ what: 'serving', venue, ...facts });
    return;
  }
  output.line(`${venue} is simulated here until you stop it`);
  for (const [name, value] of Object.entries(facts)) output.line(`  ${name.padEnd(12)} ${value}`);
}
