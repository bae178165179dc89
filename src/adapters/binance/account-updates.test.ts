import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookOf } from '../../../tests/support/binance-adapter-scene.ts';
import { accountUpdate } from '../../../tests/support/scripted-binance.ts';
import { type AccountBook, setWallet } from './account-book.ts';
import { onAccountUpdate } from './account-updates.ts';
import { accountUpdateSchema } from './schema.ts';

const position = { s: 'BTCUSDT', pa: '-0.010', ep: '50000.0', ps: 'BOTH' };

function react(book: AccountBook, ...update: Parameters<typeof accountUpdate>) {
  return onAccountUpdate(accountUpdateSchema.parse(accountUpdate(...update)), book);
}

test('after a trade the wallet and the position are as told, and nothing else is', () => {
  const book = bookOf();
  assert.deepEqual(react(book, 'ORDER', { wb: '999.80000000' }, [position]), []);
  assert.deepEqual([book.wallet.balance, book.positions.get('BTCUSDT')], [99_980_000_000, -10]);
});

test('a funding of an isolated position is told with its instrument; received is positive (F58)', () => {
  const book = bookOf();
  assert.deepEqual(react(book, 'FUNDING_FEE', { wb: '999.50000000', bc: '-0.50000000' }, [position]), [
    {
      type: 'tell',
      input: {
        type: 'financing.charged',
        instrument: 'BTCUSDT-PERP.BINANCE',
        amount: -50_000_000,
        days: 0,
        balance: 99_950_000_000,
      },
    },
  ]);
  assert.deepEqual(react(book, 'FUNDING_FEE', { wb: '999.50000000', bc: '-0.50000000' }, [position]), []);
});

test('a funding of crossed positions is looked up, since it does not say what it was for', () => {
  const [reaction] = react(bookOf(), 'FUNDING_FEE', { wb: '1000.50000000', bc: '0.50000000' });
  assert.deepEqual(reaction, { type: 'askFunding', at: 1_700_000_000_000, amount: 50_000_000 });
});

test('money that comes and goes without a trade is told once', () => {
  for (const m of ['DEPOSIT', 'WITHDRAW', 'ADJUSTMENT', 'INSURANCE_CLEAR']) {
    const book = bookOf();
    setWallet(book, 100_000_000_000, 1);
    const [reaction] = react(book, m, { wb: '1010.00000000' });
    const input = { type: 'balance.changed', amount: 1_000_000_000, balance: 101_000_000_000, reason: m };
    assert.deepEqual(reaction, { type: 'tell', input });
    assert.deepEqual(react(book, m, { wb: '1010.00000000', bc: '10.00000000' }), []);
  }
});

test('a move between wallets that changes no balance is not told', () => {
  assert.deepEqual(react(bookOf(), 'MARGIN_TRANSFER', { wb: '1000.00000000', bc: '0' }), []);
  assert.deepEqual(react(bookOf(), 'ORDER', { wb: '1000.00000000', bc: '5' }), []);
});

test('a position of one side is of a mode that we do not trade in (F59)', () => {
  const [reaction] = react(bookOf(), 'ORDER', { wb: '1' }, [{ ...position, ps: 'SHORT' }]);
  assert.ok(reaction?.type === 'impair');
  assert.equal(reaction.part, 'accountMode');
});

test('a figure that cannot be read makes us look at the account', () => {
  assert.equal(react(bookOf(), 'ORDER', { wb: '1' }, [{ ...position, pa: '1e3' }])[0]?.type, 'checkAccount');
  const types = react(bookOf(), 'ORDER', { wb: 'NaN' }).map(({ type }) => type);
  assert.deepEqual(types, ['tell', 'checkAccount']);
});

test('other assets are not the balance (F69)', () => {
  const book = bookOf();
  const update = { E: 1, T: 1, a: { m: 'DEPOSIT', B: [{ a: 'BNB', wb: '5', bc: '5' }] } };
  assert.deepEqual(onAccountUpdate(accountUpdateSchema.parse(update), book), []);
  assert.equal(book.wallet.balance, 0);
});
