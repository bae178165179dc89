import type { PolicyDomain } from '../policies.ts';
import { expectation, type GuardRail } from './guard-rails.ts';
import { type PolicyField, policyFields } from './policy-fields.ts';

/** The reference page of every policy domain, in Markdown. The domains come from the caller, since modules bring their own. */
export function renderPolicyReference(domains: Readonly<Record<string, PolicyDomain>>): string {
  const sections = Object.entries(domains).flatMap(([name, domain]) => sectionOf(name, domain));
  return [
    '# Policies',
    '',
    'Made from the schemas; do not edit. A policy is a document under the key `domain/desk`, or `domain/desk/SYMBOL` where it may differ by',
    'instrument. Every change makes a new version and names the version it was written over; a change that another one has overtaken is',
    'refused. A *guard rail* is compiled in: no document may go beyond it. Shares are fractions from 0 to 1.',
    '',
    '`bin/tradewind policy get`, `set`, `diff`, `history` and `rollback` show and change policies, on a running desk and at rest.',
    'The domains `risk`, `ai`, `execution` and `universe` are those of the crypto desk: any run keeps their documents under the desk',
    '`crypto`. Other programs read them, merged, as `risk_policy`, `ai_policy`, `execution_policy` and `universe_policy`; there',
    '`risk_policy.max_positions` and `risk_policy.max_risk_per_trade` are those of the mode in force.',
    '',
    ...sections,
  ].join('\n');
}

function sectionOf(name: string, domain: PolicyDomain): string[] {
  const fields = policyFields(name, domain);
  const reach = domain.isDeskWide === true ? 'one document for the whole desk' : 'may differ by instrument';
  const head = [`## ${name}`, '', `Schema version ${domain.version}, ${reach}.`, ''];
  if (fields.length === 0) return [...head.slice(0, 2), `Schema version ${domain.version}, no fields.`, ''];
  return [
    ...head,
    '| field | type | default | range | guard rail | meaning |',
    '| --- | --- | --- | --- | --- | --- |',
    ...fields.map(fieldRow),
    '',
  ];
}

function fieldRow(field: PolicyField): string {
  const cells = [
    code(field.path),
    field.type,
    field.default === undefined ? 'stated by each document' : code(field.default),
    field.range,
    field.guardRails.map(railText).join('; '),
    field.meaning,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function railText({ bound, reason }: GuardRail): string {
  const live = expectation(bound, 'live');
  const simulated = expectation(bound, 'simulated');
  const words = live === simulated ? live : `${live ?? 'none'} live, ${simulated ?? 'none'} simulated`;
  return `${words ?? 'none'} (${reason})`;
}

function code(text: string): string {
  return `\`${text}\``;
}
