import type { Command } from 'commander';
import type { Event } from '#domain/events.ts';
import { fxInstrument, type Instrument } from '#domain/instrument.ts';
import { slotNames } from '#domain/pipeline.ts';
import { formatScaled } from '#domain/scale.ts';
import { type Explanation, explain } from '#runtime/why.ts';
import type { CommandContext } from './command-context.ts';
import { countText, timeText } from './figures.ts';
import { instant, symbol } from './option-parsers.ts';
import type { Output } from './output.ts';

interface WhyArguments {
  readonly instrument: string;
  readonly at: number;
  readonly json?: boolean;
}

/** `why`: what every module said of one instrument in one decision, and what came of it. Reading only, so the desk may be running. */
export function registerWhy(program: Command, context: CommandContext): void {
  program
    .command('why')
    .description('explain one decision on one instrument, or why nothing was done')
    .argument('<run>', 'the folder of a run; its desk may be running')
    .requiredOption('--instrument <pair>', 'the pair, as EUR_USD', symbol)
    .requiredOption('--at <time>', 'an instant, UTC: the last decision at or before it is explained', instant)
    .option('--json', 'print the explanation as JSON')
    .action((folder: string, options: WhyArguments) => why(folder, options, context));
}

function why(folder: string, options: WhyArguments, { output }: CommandContext): void {
  const instrument = fxInstrument(options.instrument);
  const explanation = explain(folder, instrument.id, options.at);
  if (options.json === true) output.json({ ...explanation, symbol: options.instrument });
  else print(explanation, instrument, output);
}

function print(explanation: Explanation, instrument: Instrument, output: Output): void {
  const { decidedAt, verdicts, outcomes, signedQuantity, midPrice } = explanation;
  const held =
    signedQuantity === 0 ? 'flat' : `${signedQuantity > 0 ? 'long' : 'short'} ${countText(Math.abs(signedQuantity))}`;
  const price = formatScaled(Math.round(midPrice), instrument.priceDecimals);
  output.line(
    output.colors.bold(`${instrument.symbol} at ${timeText(decidedAt)} UTC, mid ${price}, ${held} after the decision`),
  );
  output.line();
  const rows = slotNames.flatMap((slot) =>
    verdicts
      .filter((verdict) => verdict.slot === slot)
      .map(({ module, mode, outcome, code, value, reason }) => [
        slot,
        module,
        mode,
        outcome,
        code,
        valueText(value),
        reason,
      ]),
  );
  output.table(['slot', 'module', 'mode', 'call', 'verdict', 'figure', 'reason'], rows);
  output.line();
  if (outcomes.length === 0) output.line('Nothing was done.');
  for (const event of outcomes) output.line(outcomeText(event, instrument));
}

function valueText(value: number | null): string {
  if (value === null) return '';
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function outcomeText(event: Event, instrument: Instrument): string {
  if (event.type === 'order.submitted') {
    const { side, quantity, orderType, purpose, bracket } = event.order;
    const priced = (ticks: number | null): string =>
      ticks === null ? 'none' : formatScaled(ticks, instrument.priceDecimals);
    const legs = bracket === null ? '' : `, stop ${priced(bracket.stopPrice)}, target ${priced(bracket.targetPrice)}`;
    return `An order was sent: ${side} ${countText(quantity)} (${orderType}, ${purpose}${legs}).`;
  }
  if (event.type === 'order.denied')
    return `The hard limits refused ${countText(event.signedQuantity)}: ${event.code}, ${event.reason}.`;
  return JSON.stringify(event);
}
