import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listedEuro, ok, scriptOanda } from '../../../tests/support/scripted-oanda.ts';
import { instrumentRefreshMs } from './instrument-watch.ts';

test('F72: a change of margin is told within the hour, and once', async () => {
  const script = scriptOanda();
  await script.open();
  script.on(/^GET instruments$/, () => ok({ instruments: [{ ...listedEuro, marginRate: '0.10' }] }));
  await script.pass(instrumentRefreshMs * 2);
  const [changed, ...more] = script.ofType('instrument.changed');
  assert.equal(changed?.instrument.marginRate, 0.1);
  assert.equal(changed?.isTrading, true);
  assert.deepEqual(more, []);
});

test('F71: an instrument that is listed no more does not trade until it is listed again', async () => {
  const script = scriptOanda();
  await script.open();
  script.on(/^GET instruments$/, () => ok({ instruments: [{ ...listedEuro, name: 'GBP_USD' }] }));
  await script.pass(instrumentRefreshMs);
  script.on(/^GET instruments$/, () => ok({ errorMessage: 'down' }, 404));
  await script.pass(instrumentRefreshMs);
  script.on(/^GET instruments$/, () => ok({ instruments: [listedEuro] }));
  await script.pass(instrumentRefreshMs);
  assert.deepEqual(
    script.ofType('instrument.changed').map(({ isTrading }) => isTrading),
    [false, true],
  );
  assert.ok(script.notices.some((text) => text.startsWith('the instruments are as they were last known')));
});
