import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { requestOf } from '../../../tests/support/desk-events.ts';
import { isVenueAuditEvent, type VenueAuditEvent, venueFactOf } from './venue-audit-facts.ts';

const at = 1;
const euro = 'EURUSD.OANDA';
const state = { priceDecimals: { [euro]: 5 }, moneyDecimals: 6 };

function told(event: VenueAuditEvent): string {
  assert.equal(isVenueAuditEvent(event), true);
  const { kind, actor, action, target, outcome, reason } = venueFactOf(state, event);
  return [kind, actor, action, target, outcome, reason].join(' | ');
}

test('orders of other hands, and those nobody knows of, are decisions of the venue', () => {
  const order = requestOf({ clientOrderId: 'by-hand' });
  assert.equal(
    told({ type: 'order.adopted', at, order, venueOrderId: '7', venueAt: at, reason: 'not sent by this desk' }),
    "trade.decision | venue | buy 1000 by other hands | order 'by-hand' | adopted | not sent by this desk",
  );
  assert.equal(
    told({ type: 'order.unresolved', at, clientOrderId: 'o1', reason: 'no answer' }),
    "trade.decision | venue | answer | order 'o1' | unknown | no answer",
  );
});

test('who armed and disarmed the desk is told', () => {
  assert.equal(
    told({ type: 'desk.armed', at, actor: 'ada', reason: 'checked' }),
    'system.state_change | ada | arm | desk | armed | checked',
  );
  assert.equal(
    told({ type: 'desk.disarmed', at, actor: 'ada', reason: 'news' }),
    'system.state_change | ada | disarm | desk | disarmed | news',
  );
});

test('how a venue is opened, impaired and restored is told', () => {
  assert.equal(
    told({
      type: 'venue.opened',
      at,
      venue: 'OANDA',
      account: '001',
      environment: 'practice',
      hasNativeBrackets: true,
    }),
    "system.state_change | run | open venue | OANDA | account '001' (practice) | ",
  );
  assert.equal(
    told({ type: 'venue.impaired', at, part: 'orders', instrument: null, reason: 'silent' }),
    'system.state_change | venue | impair | orders | impaired | silent',
  );
  assert.equal(
    told({ type: 'venue.restored', at, part: 'depth', instrument: euro }),
    `system.state_change | venue | restore | depth of '${euro}' | restored | `,
  );
  assert.equal(
    told({ type: 'message.quarantined', at, part: 'orders', reason: 'not JSON', excerpt: '<html>' }),
    'system.state_change | venue | tell | orders | put aside | not JSON',
  );
});

test('instruments that change and money that moves are told', () => {
  const changed = { type: 'instrument.changed', at, instrument: fxInstrument('EUR_USD'), reason: 'status' } as const;
  assert.equal(
    told({ ...changed, isTrading: false }),
    `system.state_change | venue | change | ${euro} | halted | status`,
  );
  assert.equal(
    told({ ...changed, isTrading: true }),
    `system.state_change | venue | change | ${euro} | trading | status`,
  );
  assert.equal(
    told({ type: 'balance.changed', at, amount: -5_000_000, balance: 95_000_000, reason: 'WITHDRAW' }),
    'system.state_change | venue | move -5.000000 | account | balance 95.000000 | WITHDRAW',
  );
});

test('what happens in every run is none of it', () => {
  assert.equal(isVenueAuditEvent({ type: 'time.ticked', at }), false);
  assert.equal(isVenueAuditEvent({ type: 'order.canceled', at, clientOrderId: 'o1', reason: '' }), false);
});
