import { slotNames } from '#domain/pipeline.ts';
import type { RunSummary } from '#runtime/run-report.ts';
import { amountText, countText, percentText, ratioText, timeText } from './figures.ts';
import type { Output } from './output.ts';

export interface ReportedRun {
  readonly summary: RunSummary;
  readonly barsPerSecond: number;
  /** The pairs that had data, as files spell them. */
  readonly symbols: readonly string[];
}

/** Prints what a backtest came to, for people: figures, what each gate let through, what each module changed, warnings. */
export function printBacktest(run: ReportedRun, output: Output): void {
  const { summary, symbols } = run;
  const { colors } = output;
  output.line(colors.bold(`${timeText(summary.fromAt)} to ${timeText(summary.untilAt)} UTC, ${symbols.join(', ')}`));
  output.line();
  output.table(['figure', 'value'], figureRows(run));
  output.line();
  output.line(colors.bold('Manifold guards: share of windows that each profile lets pass'));
  output.table(['pair', 'windows', 'seed', 'calibrated'], guardRows(summary));
  output.line();
  output.line(colors.bold('Gates: share of the signals offered to each that it let pass'));
  output.table(['gate', 'offered', 'passed', 'share'], gateRows(summary));
  output.line();
  output.line(colors.bold('Slots: calls that changed the outcome'));
  output.table(['slot', 'changed'], slotRows(summary));
  output.line();
  output.line(colors.bold('Modules'));
  output.table(['module', 'slot', 'calls', 'changed', 'refused', 'failed', 'told'], moduleRows(summary));
  output.line();
  output.line(`run            ${summary.runId}`);
  output.line(`decisions hash ${summary.decisionsHash}`);
  output.line(`data hash      ${summary.dataHash}`);
}

/** Tells warnings beside the result; that nothing was traded is said so that nobody overlooks it. */
export function tellWarnings({ summary }: ReportedRun, output: Output): void {
  for (const warning of summary.warnings) output.note(`warning: ${warning}`);
  if (summary.roundTrips > 0) return;
  const line = '!'.repeat(72);
  output.note(`${line}\nNO ROUND TRIP: nothing was traded in and out, so this run proves nothing.\n${line}`);
}

function figureRows({ summary, barsPerSecond }: ReportedRun): [string, string][] {
  return [
    ['bars', countText(summary.bars)],
    ['bars per second', countText(barsPerSecond)],
    ['decisions', countText(summary.decisions)],
    ['orders', countText(summary.orders)],
    ['fills', countText(summary.fills)],
    ['denials', countText(summary.denials)],
    ['round trips', countText(summary.roundTrips)],
    ['win rate', percentText(summary.winRate)],
    ['start balance', amountText(summary.startBalance)],
    ['end equity', amountText(summary.endEquity)],
    ['profit and loss', amountText(summary.pnl)],
    ['of start balance', percentText(summary.pnlFraction)],
    ['maximum drawdown', percentText(summary.maxDrawdown)],
    ['Calmar', ratioText(summary.calmar)],
    ['Sharpe', ratioText(summary.sharpe)],
    ['profit factor', ratioText(summary.profitFactor)],
    ['fees', amountText(summary.fees)],
    ['financing', amountText(summary.financing)],
    ['spread and slippage', amountText(summary.spreadCosts)],
    ['costs of gross profit', percentText(summary.costShare)],
    ['exposure', percentText(summary.exposure)],
    ['pessimistic fills', countText(summary.pessimisticFills)],
  ];
}

function guardRows({ guards }: RunSummary): string[][] {
  return Object.entries(guards)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([pair, { windows, seed, calibrated }]) => [
      pair,
      countText(windows),
      shareText(seed, windows),
      shareText(calibrated, windows),
    ]);
}

function gateRows({ modules }: RunSummary): string[][] {
  return modules
    .filter(({ slot }) => slot === 'gate')
    .map(({ module, offered, passed }) => [module, countText(offered), countText(passed), shareText(passed, offered)]);
}

function slotRows({ slotsChanged }: RunSummary): string[][] {
  return slotNames.map((slot) => [slot, countText(slotsChanged[slot] ?? 0)]);
}

function moduleRows({ modules }: RunSummary): string[][] {
  return modules.map(({ module, slot, calls, changed, refused, failed, decided }) => {
    return [module, slot, ...[calls, changed, refused, failed, decided].map(countText)];
  });
}

function shareText(part: number, whole: number): string {
  return whole === 0 ? '–' : percentText(part / whole);
}
