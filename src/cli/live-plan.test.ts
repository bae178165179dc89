import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { isMarketOpen } from '#domain/calendar.ts';
import { RunError } from '#runtime/run-folder.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { type LiveArguments, planLive } from './live-plan.ts';
import { UsageError } from './refusal.ts';

const oanda = { OANDA_API_KEY: 'canary-token', OANDA_ACCOUNT_ID: '101-1' };
const binance = { BINANCE_TESTNET_API_KEY: 'canary-key', BINANCE_TESTNET_SECRET_KEY: 'canary-secret' };
const asked: LiveArguments = { venue: 'oanda', account: 'main', set: {} };

test('without a word it is a practice account that may not be armed, in a folder of its own', (t) => {
  const root = temporaryFolder(t);
  const plan = planLive(asked, { ...oanda, TRADEWIND_DATA_DIR: root });
  const { live } = plan;
  assert.equal(plan.folder, join(root, 'oanda-practice-main'));
  assert.equal(live.folder, plan.folder);
  assert.deepEqual([live.desk, live.account, live.environment], ['fx', 'main', 'practice']);
  assert.deepEqual([live.isReadOnly, live.isLiveEnabled, plan.readOnly], [true, false, true]);
  assert.deepEqual([live.reconcileEveryMs, live.believesEmptyReports, live.historyDays], [30_000, false, 35]);
  assert.deepEqual([plan.market, plan.leaseAccount, plan.speed], ['oanda:practice:main', 'oanda:practice:main', 1]);
  assert.deepEqual(plan.secrets, ['canary-token']);
  assert.equal(live.venue.venue, 'OANDA');
});

test('Binance has the crypto desk, whose market never closes', (t) => {
  const dataDir = temporaryFolder(t);
  const plan = planLive({ ...asked, venue: 'binance', dataDir, instruments: ['SOLUSDT'] }, binance);
  const { live } = plan;
  assert.deepEqual([live.desk, live.venue.venue, live.venue.traits.isAlwaysOpen], ['crypto', 'BINANCE', true]);
  assert.deepEqual(live.policies.find(({ key }) => key === 'desk/crypto')?.document['universe'], ['SOLUSDT']);
  const saturday = Date.UTC(2026, 0, 17);
  assert.equal(isMarketOpen(live.calendar(saturday - 1, saturday + 1), saturday), true);
});

test('a given address is for simulators on this machine alone', (t) => {
  const dataDir = temporaryFolder(t);
  const simulated = { ...asked, dataDir, environment: 'simulated' } as const;
  assert.equal(planLive({ ...simulated, venueUrl: 'http://127.0.0.1:9100' }, oanda).live.environment, 'simulated');
  assert.throws(() => planLive(simulated, oanda), UsageError);
  for (const venueUrl of ['http://example.com:9100', 'https://127.0.0.1:9100', 'http://127.0.0.1:9100/v3', 'nowhere']) {
    assert.throws(() => planLive({ ...simulated, venueUrl }, oanda), UsageError, venueUrl);
  }
  assert.throws(() => planLive({ ...asked, dataDir, venueUrl: 'http://127.0.0.1:9100' }, oanda), UsageError);
});

test('without keys nothing is planned', () => {
  assert.throws(() => planLive(asked, {}), RunError);
});
