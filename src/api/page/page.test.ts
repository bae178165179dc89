import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeskStatus } from '#runtime/status.ts';
import { exampleStatus } from '../../../tests/support/example-status.ts';
import { openStubPage } from '../../../tests/support/stub-page.ts';

/** A desk that answers with a status that tests may change, or not at all. */
function desk(): { status: DeskStatus | undefined; answer: Parameters<typeof openStubPage>[0] } {
  const scene: ReturnType<typeof desk> = {
    status: exampleStatus(),
    answer: ({ method }) => {
      if (scene.status === undefined) throw new Error('gone');
      return { status: 200, body: method === 'GET' ? scene.status : { kill_switch: true, message: 'done' } };
    },
  };
  return scene;
}

const engaged = (): DeskStatus => ({
  ...exampleStatus(),
  kill: { isEngaged: true, actor: 'ann', reason: 'lunch', at: 0 },
});

test('instruments are rows with their figures', async () => {
  const page = await openStubPage(desk().answer);
  const [euro, yen] = page.element('instruments').rows.map((row) => row.cells.map((cell) => cell.textContent));
  assert.deepEqual(euro, [
    ...['EUR/USD', '1.10005', '0.91', 'open, 8 h 0 min', 'eligible', '100.0 %', '', '0.030', '21', '0.31'],
    ...['+1,000', '1.09900', '+1.00'],
  ]);
  assert.deepEqual(yen?.slice(0, 6), ['USD/JPY', '–', '–', 'closed', 'outcalmarcooldownstale price', '–']);
  assert.equal(page.element('equity').textContent, '100,001.00');
  assert.equal(page.element('time').textContent, '13 Jan 2026, 08:00:00 UTC');
  assert.equal(page.element('orders').rows[0]?.cells[4]?.textContent, '1.09000');
  assert.match(page.element('alerts').textContent, /few-eligible: 1 of 2/);
});

test('the levels of a window are bars as high as their value', async () => {
  const page = await openStubPage(desk().answer);
  const levels = page.element('instruments').rows[0]?.cells[6]?.firstChild;
  assert.deepEqual(
    levels?.children.map(({ properties }) => properties['--level']),
    ['52%', '88%', '87%', '12%'],
  );
  assert.equal(levels?.title, 'C 0.520  S 0.880  H 0.870  R 0.120');
});

test('a planted edge is said, and only where it is one', async () => {
  const scene = desk();
  const page = await openStubPage(scene.answer);
  assert.equal(page.element('demonstration').hidden, false);
  scene.status = { ...exampleStatus(), isDemonstration: false };
  await page.poll();
  assert.equal(page.element('demonstration').hidden, true);
});

test('rows follow what the desk holds, and stay the same rows', async () => {
  const scene = desk();
  const page = await openStubPage(scene.answer);
  const row = page.element('instruments').rows[1];
  const status = exampleStatus();
  scene.status = { ...status, instruments: status.instruments.slice(1), orders: [] };
  await page.poll();
  assert.equal(page.element('instruments').rows.length, 1);
  assert.equal(page.element('instruments').rows[0], row);
  assert.equal(page.element('orders-table').hidden, true);
  assert.equal(page.element('no-orders').hidden, false);
});

test('a desk that does not answer makes the page stale and its switch engaged', async () => {
  const scene = desk();
  const page = await openStubPage(scene.answer);
  assert.equal(page.element('stale').hidden, true);
  assert.equal(page.element('kill').dataset['engaged'], 'false');
  scene.status = undefined;
  await page.poll();
  assert.equal(page.element('stale').hidden, false);
  assert.match(page.element('stale').textContent, /^stale: no status from the desk since .* \(gone\)$/);
  assert.equal(page.element('kill').dataset['engaged'], 'true');
  assert.equal(page.element('kill-text').textContent, 'state unknown, taken as engaged');
  assert.ok(page.body.classes.has('is-stale'));
  scene.status = exampleStatus();
  await page.poll();
  assert.equal(page.element('stale').hidden, true);
  assert.ok(!page.body.classes.has('is-stale'));
});

test('before the first answer the switch counts as engaged', async () => {
  const page = await openStubPage(() => {
    throw new Error('gone');
  });
  assert.equal(page.element('kill').dataset['engaged'], 'true');
  assert.match(page.element('stale').textContent, /^stale/);
});

test('engaging is one click and a confirmation', async () => {
  const page = await openStubPage(desk().answer);
  await page.fire('kill', 'click');
  assert.equal(page.element('dialog').isOpen, true);
  assert.equal(page.element('dialog-go').disabled, false);
  assert.equal(page.element('word-label').hidden, true);
  page.element('dialog-flatten').checked = true;
  await page.fire('dialog-go', 'click');
  assert.deepEqual(page.requests.at(-1), {
    url: '/api/kill-switch',
    method: 'POST',
    body: { enabled: true, reason: 'from the status page', flatten: true },
  });
  assert.equal(page.element('dialog').isOpen, false);
});

test('releasing asks for the word first', async () => {
  const scene = desk();
  scene.status = engaged();
  const page = await openStubPage(scene.answer);
  assert.equal(page.element('kill-text').textContent, 'lunch (ann)');
  await page.fire('kill', 'click');
  assert.equal(page.element('dialog-go').disabled, true);
  const asked = page.requests.length;
  page.element('dialog-word').value = 'release';
  await page.fire('dialog-word', 'input');
  await page.fire('dialog-go', 'click');
  assert.equal(page.requests.length, asked);
  page.element('dialog-word').value = 'RELEASE';
  page.element('dialog-reason').value = 'back';
  await page.fire('dialog-word', 'input');
  await page.fire('dialog-go', 'click');
  assert.deepEqual(page.requests.at(-1)?.body, { enabled: false, reason: 'back', confirm: true });
});

test('while the state is unknown the button engages, whatever it was', async () => {
  const scene = desk();
  scene.status = engaged();
  const page = await openStubPage(scene.answer);
  scene.status = undefined;
  await page.poll();
  await page.fire('kill', 'click');
  assert.equal(page.element('dialog-go').textContent, 'Engage');
  assert.equal(page.element('word-label').hidden, true);
});

test('what the desk refuses is shown in the dialog', async () => {
  const refusing = { status: 409, body: { error: { code: 'refused', message: 'the disk is full' } } };
  const page = await openStubPage(({ method }) =>
    method === 'GET' ? { status: 200, body: exampleStatus() } : refusing,
  );
  await page.fire('kill', 'click');
  await page.fire('dialog-go', 'click');
  assert.equal(page.element('dialog-problem').textContent, 'the disk is full');
  assert.equal(page.element('dialog').isOpen, true);
});

test('equity is drawn as a line of the points seen so far', async () => {
  const scene = desk();
  const page = await openStubPage(scene.answer);
  for (const equity of [100_010, 99_990]) {
    scene.status = { ...exampleStatus(), account: { ...exampleStatus().account, equity } };
    await page.poll();
  }
  assert.equal(page.element('spark-line').attributes['d'], 'M0.0 20.1L150.0 3.0L300.0 41.0');
});

test('a released switch does not say that the desk may trade where it may not', async () => {
  const venue = {
    venue: 'OANDA',
    account: 'main',
    environment: 'practice',
    isArmed: false,
    impairments: [],
    unresolved: 0,
  };
  const scene = desk();
  scene.status = { ...exampleStatus(), venue };
  const disarmed = await openStubPage(scene.answer);
  const text = (page: typeof disarmed): string => page.element('kill-text').textContent;
  assert.equal(text(disarmed), "released, but practice account 'main' is disarmed: nothing is added");
  const impairments = [{ part: 'prices', instrument: null, reason: 'silent', at: 0 }];
  scene.status = { ...exampleStatus(), venue: { ...venue, isArmed: true, impairments } };
  const impaired = await openStubPage(scene.answer);
  assert.equal(text(impaired), 'released, but nothing is added: prices of the venue is impaired (silent)');
});
