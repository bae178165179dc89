import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forexCalendar } from '../../tests/support/forex-calendar.ts';
import {
  brief,
  eurUsd,
  openScene,
  plainCosts,
  showQuote,
  showTime,
  submit,
  usdJpy,
  type VenueScene,
} from '../../tests/support/venue-scene.ts';
import { nextRollover, previousRollover } from './venue-financing.ts';

const utc = (month: number, day: number, hour: number): number => Date.UTC(2026, month - 1, day, hour);
const calendar = forexCalendar(utc(3, 1, 0), utc(3, 31, 0));

test('the day turns at 17:00 in New York, from Monday to Friday', () => {
  const turns: number[] = [];
  for (let at = nextRollover(calendar, utc(3, 4, 0)); at < utc(3, 12, 0); at = nextRollover(calendar, at + 1))
    turns.push(at);
  // Summer time begins on Sunday, 8 March 2026.
  assert.deepEqual(turns, [utc(3, 4, 22), utc(3, 5, 22), utc(3, 6, 22), utc(3, 9, 21), utc(3, 10, 21), utc(3, 11, 21)]);
  assert.equal(previousRollover(calendar, utc(3, 9, 21)), utc(3, 6, 22));
  assert.equal(previousRollover(calendar, utc(3, 1, 0)), null);
  assert.equal(nextRollover(calendar, utc(3, 31, 0)), Infinity);
});

test('without a calendar the day turns at 21:00 UTC, every day', () => {
  assert.equal(nextRollover(null, utc(3, 7, 21)), utc(3, 7, 21));
  assert.equal(nextRollover(null, utc(3, 7, 21) + 1), utc(3, 8, 21));
  assert.equal(previousRollover(null, utc(3, 7, 21)), utc(3, 6, 21));
});

function holding(side: 'buy' | 'sell', at: number, instrument = eurUsd): VenueScene {
  const costs = { ...plainCosts, financingRates: { EUR: 0.02, USD: 0.04, JPY: 0.005 }, financingMarkup: 0.01 };
  const scene = openScene({ costs, calendar });
  const bid = instrument === eurUsd ? 109_995 : 149_995;
  showQuote(scene, at, bid, { instrument, askPrice: bid + 10 });
  scene.at = at;
  submit(scene, { instrument, side, quantity: 10_000 });
  showQuote(scene, at + 1, bid, { instrument, askPrice: bid + 10 });
  assert.equal(scene.state.openPositions, 1);
  return scene;
}

test('what is held earns its rate, what is owed costs its rate, and the markup costs either way', () => {
  // 11,000 dollars × (2 % − 4 % − 1 %) ÷ 365 = −0.904109589 dollars; × (4 % − 2 % − 1 %) ÷ 365 = 0.301369863 dollars.
  const long = holding('buy', utc(3, 4, 12));
  assert.deepEqual(brief(showTime(long, utc(3, 4, 23))), ['financing EURUSD.OANDA -904110 for 1']);
  const short = holding('sell', utc(3, 4, 12));
  assert.deepEqual(brief(showTime(short, utc(3, 4, 23))), ['financing EURUSD.OANDA 301369 for 1']);
});

test('a notional in the account currency needs no price', () => {
  // 10,000 dollars × (4 % − 0.5 % − 1 %) ÷ 365 = 0.684931506 dollars.
  const scene = holding('buy', utc(3, 4, 12), usdJpy);
  assert.deepEqual(brief(showTime(scene, utc(3, 4, 23))), ['financing USDJPY.OANDA 684931 for 1']);
});

test('a weekend is paid on Monday, three days at once, summer time or not', () => {
  const scene = holding('buy', utc(3, 6, 12));
  const events = showTime(scene, utc(3, 9, 23));
  assert.deepEqual(brief(events), ['financing EURUSD.OANDA -904110 for 1', 'financing EURUSD.OANDA -2712329 for 3']);
  assert.deepEqual(
    events.map((event) => event.at),
    [utc(3, 6, 22), utc(3, 9, 21)],
  );
  assert.equal(scene.state.balance, 10_000_000_000 - 904_110 - 2_712_329);
});

test('a position that is flat at the turn pays nothing', () => {
  const scene = holding('buy', utc(3, 4, 12));
  scene.at = utc(3, 4, 13);
  submit(scene, { clientOrderId: 'x', side: 'sell', quantity: 10_000 });
  showQuote(scene, utc(3, 4, 13), 109_995);
  assert.deepEqual(brief(showTime(scene, utc(3, 5, 23))), []);
});
