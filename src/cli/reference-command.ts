import { Argument, type Command } from 'commander';
import { renderEventReference } from '#domain/bus/event-text.ts';
import { renderKeyReference } from '#domain/keys/key-text.ts';
import { renderMetricReference } from '#domain/measures/metric-text.ts';
import { renderPolicyReference } from '#domain/policies/policy-text.ts';
import { policyDomains } from '#engine/engine.ts';
import { modules } from '#modules/index.ts';
import type { CommandContext } from './command-context.ts';

/** The reference pages that are made from the tables of the code; that of the variables is printed by the command of the configuration. */
const pages: Readonly<Record<string, () => string>> = {
  events: renderEventReference,
  keys: renderKeyReference,
  metrics: renderMetricReference,
  policies: () => renderPolicyReference(policyDomains(modules)),
};

/** `reference`: prints a reference page as it lies in the documents. */
export function registerReference(program: Command, { output }: CommandContext): void {
  program
    .command('reference')
    .description('print the reference page of events, keys, metrics or policies in Markdown')
    .addArgument(new Argument('<page>', 'which of them').choices(Object.keys(pages)))
    .action((page: string) => output.line(pages[page]?.().trimEnd() ?? ''));
}
