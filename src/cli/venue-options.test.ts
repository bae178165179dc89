import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { UsageError } from './refusal.ts';
import { addVenueOptions, liveArguments, type VenueArguments } from './venue-options.ts';

function parsed(...argv: string[]): VenueArguments {
  const command = addVenueOptions(new Command('x').exitOverride().configureOutput({ writeErr: () => undefined }));
  return command.parse(argv, { from: 'user' }).opts<VenueArguments>();
}

const paper = { market: 'synthetic', balance: 5, set: {}, seed: 1 };

test('without a venue it is a run on paper', () => {
  assert.equal(liveArguments({ ...paper, ...parsed() }), undefined);
});

test('a venue wants an account, and what belongs to one wants the other', () => {
  assert.deepEqual(liveArguments({ ...paper, ...parsed('--venue', 'oanda', '--account', 'main') }), {
    ...{ venue: 'oanda', account: 'main', set: {} },
  });
  assert.throws(() => liveArguments({ ...paper, ...parsed('--venue', 'oanda') }), UsageError);
  assert.throws(() => liveArguments({ ...paper, ...parsed('--account', 'main') }), UsageError);
});

test('names that would be no folder are refused', () => {
  assert.throws(() => parsed('--account', '../main'), /expected up to 32 letters, digits and dashes/);
  assert.throws(() => parsed('--venue', 'kraken'), /Allowed choices are oanda, binance/);
  assert.throws(() => parsed('--history-days', '-1'), /expected an amount above 0/);
});
