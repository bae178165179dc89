import type { Command } from 'commander';
import { journalInfo } from '#adapters/journal/journal-info.ts';
import { singleLine } from '#adapters/telemetry/single-line.ts';
import type { Event } from '#domain/events.ts';
import { journalFolder, readManifest } from '#runtime/run-folder.ts';
import { readTrace, type TraceItem, type TraceReport } from '#runtime/telemetry/read-trace.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { instantText } from './instant-text.ts';

interface TraceArguments {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** `trace`: everything that belongs to one trace: events, decisions, orders, log lines, spans. Reading only, so the desk may be running. */
export function registerTrace(program: Command, context: CommandContext): void {
  program
    .command('trace')
    .description('show what one request, decision or order led to: events, decisions, orders and log lines in order')
    .argument('<id>', 'a trace id, a traceparent, a client order id, or a journal sequence number')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--json', 'print the trace as JSON')
    .addHelpText('after', '\nExit codes: 0 shown, 1 nothing of it is there, 2 no run there.')
    .action(async (id: string, options: TraceArguments) => context.exitWith(await trace(id, options, context)));
}

async function trace(id: string, options: TraceArguments, context: CommandContext): Promise<number> {
  const { output } = context;
  const folder = dataFolder(options.dataDir, context.environment);
  readManifest(folder);
  const total = journalInfo(journalFolder(folder)).lastSequence;
  const progress = output.progress('trace');
  let report: TraceReport | undefined;
  try {
    report = await readTrace(folder, id, (events) => progress.update(events, total));
  } finally {
    progress.end();
  }
  if (report === undefined) {
    const expected =
      'a trace id of 32 hexadecimal digits, a traceparent, a client order id or a journal sequence number';
    output.note(`tradewind: '${folder}' holds nothing of the trace '${id}': expected ${expected}`);
    return 1;
  }
  if (options.json === true) output.json(report);
  else print(report, context);
  return 0;
}

function print({ traceId, items, leftOut }: TraceReport, { output }: CommandContext): void {
  output.line(output.colors.bold(`trace ${traceId}, ${items.length} entries`));
  output.line();
  output.table(
    ['time, UTC', 'what', 'sequence', 'name', 'detail'],
    items.map((item) => [instantText(item.at), item.type, String(item.sequence ?? ''), ...wordsOf(item)]),
  );
  if (leftOut > 0) output.note(`${leftOut} more are left out`);
}

/** A reason with a line end must not pass for a line of its own. */
function wordsOf(item: TraceItem): string[] {
  return [nameOf(item), detailOf(item)].map(singleLine);
}

function nameOf(item: TraceItem): string {
  if (item.type === 'log') return `${item.line.level} ${item.line.event}`;
  if (item.type === 'span') return item.span.name;
  return item.event.type === 'module.decided' ? `${item.event.slot} ${item.event.module}` : item.event.type;
}

function detailOf(item: TraceItem): string {
  if (item.type === 'log') return item.line.message ?? '';
  if (item.type === 'span') return `${item.span.kind}, ${item.span.duration_ms} ms, ${item.span.status}`;
  return eventText(item.event);
}

/** Subjects of a decision that are shown. */
const subjectsMax = 6;

function eventText(event: Event): string {
  if (event.type === 'module.decided') {
    const told = event.entries.slice(0, subjectsMax).map(({ subject, code }) => `${subject} ${code}`);
    const rest = event.entries.length - told.length;
    return [event.outcome, ...told, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
  }
  if (event.type === 'order.submitted') {
    const { clientOrderId, side, quantity, instrument, purpose } = event.order;
    return `'${clientOrderId}' ${side} ${quantity} ${instrument}, ${purpose}`;
  }
  if (event.type === 'order.filled') {
    return `'${event.clientOrderId}' ${event.side} ${event.quantity} ${event.instrument} at ${event.price}`;
  }
  const order = 'clientOrderId' in event ? `'${event.clientOrderId}' ` : '';
  const actor = 'actor' in event ? `${event.actor}: ` : '';
  const reason = 'reason' in event ? event.reason : '';
  return `${order}${actor}${reason}`.trim();
}
