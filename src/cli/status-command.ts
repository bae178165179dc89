import type { Command } from 'commander';
import type { DeskStatus, VenueStatus } from '#runtime/status.ts';
import { findDesk } from './ask-desk.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { amountText, countText, percentText, timeText } from './figures.ts';
import type { Output } from './output.ts';

interface StatusArguments {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** `status`: a running desk, or the run that lies in a folder. */
export function registerStatus(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('show a running desk, or the run that lies in its folder')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--json', 'print everything as JSON')
    .addHelpText('after', '\nExit codes: 0 shown, 2 no run there.')
    .action((options: StatusArguments) => show(options, context));
}

async function show(options: StatusArguments, { environment, output }: CommandContext): Promise<void> {
  const folder = dataFolder(options.dataDir, environment);
  const { isRunning, status } = await findDesk(folder);
  if (options.json === true) {
    output.json({ isRunning, folder, ...status });
    return;
  }
  if (!isRunning) output.note(`no desk runs on '${folder}': this is what its journal and snapshot tell`);
  print(status, output);
}

function print(status: DeskStatus, output: Output): void {
  const { colors } = output;
  const { desk, kind, market, at, kill, account, accountCurrency, counts, isWarm, isDemonstration } = status;
  const warmth = isWarm ? '' : ', taking in history';
  output.line(`${colors.bold(`${desk} desk`)}, ${kind} on the ${market} market, ${timeText(at)} UTC${warmth}`);
  if (isDemonstration) output.line(colors.yellow('demonstration market: planted edge'));
  output.line(
    `equity ${amountText(account.equity)} ${accountCurrency}, balance ${amountText(account.balance)}, today ${amountText(account.dayPnl)}, margin ${percentText(account.marginUtilization)}`,
  );
  const switchText = kill.isEngaged ? colors.red(`engaged by '${kill.actor}': ${kill.reason}`) : 'released';
  output.line(`kill switch ${switchText}`);
  if (status.venue !== null) for (const line of venueLines(status.venue)) output.line(line);
  const told = ['decisions', 'orders', 'fills', 'denials', 'roundTrips'] as const;
  output.line(
    told.map((key) => `${countText(counts[key] ?? 0)} ${key === 'roundTrips' ? 'round trips' : key}`).join(', '),
  );
  for (const { name, reason } of status.alerts) output.line(colors.yellow(`alert '${name}': ${reason}`));
  output.line();
  output.table(
    ['pair', 'mid', 'spread bps', 'gate', 'weight', 'C', 'S', 'H', 'R', 'position', 'average', 'profit'],
    status.instruments.map(instrumentRow),
  );
  if (status.orders.length === 0) return;
  output.line();
  output.table(
    ['order', 'instrument', 'side', 'units', 'purpose', 'price', 'state'],
    status.orders.map((order) => [
      order.clientOrderId,
      order.instrument,
      order.side,
      countText(order.quantity),
      order.purpose,
      String(order.stopPrice ?? order.limitPrice ?? '-'),
      order.state,
    ]),
  );
}

function instrumentRow(item: DeskStatus['instruments'][number]): string[] {
  const priceText = (price: number | null): string =>
    price === null || price === 0 ? '-' : price.toFixed(item.priceDecimals);
  const levelText = (level: number | null): string => (level === null ? '-' : level.toFixed(3));
  const gate = item.isEligible ? 'eligible' : item.reasons.join(' ') || 'out';
  return [
    item.symbol,
    priceText(item.midPrice),
    item.spreadBps === null ? '-' : item.spreadBps.toFixed(2),
    item.session.isOpen ? gate : `closed ${gate}`,
    percentText(item.weight),
    levelText(item.coherence),
    levelText(item.stability),
    levelText(item.entropy),
    levelText(item.rupture),
    countText(item.signedQuantity),
    priceText(item.averagePrice),
    amountText(item.unrealizedPnl),
  ];
}

/** Whether a live desk may add exposure, and what keeps it from that. */
function venueLines({ venue, account, environment, isArmed, impairments, unresolved }: VenueStatus): string[] {
  const lines = [`${venue} account '${account}' (${environment}), ${isArmed ? 'armed' : 'disarmed: nothing is added'}`];
  for (const { part, instrument, reason } of impairments)
    lines.push(`impaired: ${part}${instrument === null ? '' : ` of ${instrument}`}: ${reason}`);
  if (unresolved > 0) lines.push(`${unresolved} orders are unresolved: the venue is being asked`);
  return lines;
}
