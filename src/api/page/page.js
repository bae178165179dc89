/*
 * The status page: asks for the desk's status each second and shows it. What it does not know it shows as the worse of two: a
 * kill switch of unknown state counts as engaged, and an answer that does not come makes the whole page stale.
 */

const pollMs = 1000;
const answerMs = 4000;
/** Points of equity kept while the page is open: ten minutes. */
const pointsMax = 600;

const points = [];
let lastAnswerAt = 0;
let isEngaged = true;
let isKnown = false;

const element = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

function messageOf(error) {
  return error?.message ?? String(error);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function show(id, text) {
  setText(element(id), text);
}

/** A figure with its sign and its colour. */
function showSigned(node, value, format = cents) {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  setText(node, `${sign}${format.format(Math.abs(value))}`);
  node.classList.toggle('good', value > 0);
  node.classList.toggle('bad', value < 0);
}

function priceText(price, decimals) {
  return price === null || price === undefined || price === 0 ? '–' : price.toFixed(decimals);
}

function percent(share, decimals = 1) {
  return `${(share * 100).toFixed(decimals)} %`;
}

/** Keeps one row for each item; `columns` fill the cells of a row, each its own. */
function syncRows(body, items, keyOf, columns) {
  const rows = new Map([...body.rows].map((row) => [row.dataset.key, row]));
  for (const [place, item] of items.entries()) {
    const key = keyOf(item);
    const row = rows.get(key) ?? createRow(key, columns);
    rows.delete(key);
    if (body.rows[place] !== row) body.insertBefore(row, body.rows[place] ?? null);
    for (const [column, fill] of columns.entries()) fill.fill(row.cells[column], item);
  }
  for (const row of rows.values()) row.remove();
}

function createRow(key, columns) {
  const row = document.createElement('tr');
  row.dataset.key = key;
  for (const { kind } of columns) {
    const cell = row.insertCell();
    if (kind === 'number') cell.className = 'number';
  }
  return row;
}

const word = (read) => ({ kind: 'word', fill: (cell, item) => setText(cell, read(item)) });
const number = (read) => ({ kind: 'number', fill: (cell, item) => setText(cell, read(item)) });
const signed = (read, format) => ({ kind: 'number', fill: (cell, item) => showSigned(cell, read(item), format) });
const drawn = (fill) => ({ kind: 'word', fill });

/** Chips are made anew only when they say something else. */
function fillChips(cell, chips) {
  const text = chips.map(({ label, tone }) => `${label}/${tone}`).join('|');
  if (cell.dataset.chips === text) return;
  cell.dataset.chips = text;
  const box = document.createElement('div');
  box.className = 'chips';
  for (const { label, tone } of chips) {
    const chip = document.createElement('span');
    chip.className = `chip ${tone}`;
    chip.textContent = label;
    box.append(chip);
  }
  cell.replaceChildren(box);
}

function sessionChips({ session }) {
  if (!session.isOpen) return [{ label: 'closed', tone: '' }];
  const { minutesToClose } = session;
  if (minutesToClose <= 15) return [{ label: `closes in ${minutesToClose} min`, tone: 'warn' }];
  return [{ label: `open, ${Math.floor(minutesToClose / 60)} h ${minutesToClose % 60} min`, tone: 'good' }];
}

function gateChips({ isEligible, reasons, isCoolingDown, denial }) {
  const chips = [{ label: isEligible ? 'eligible' : 'out', tone: isEligible ? 'good' : 'bad' }];
  for (const reason of reasons) chips.push({ label: reason, tone: '' });
  if (isCoolingDown && !reasons.includes('cooldown')) chips.push({ label: 'cooldown', tone: 'warn' });
  if (denial !== null) chips.push({ label: denial.toLowerCase().replaceAll('_', ' '), tone: 'warn' });
  return chips;
}

function setWidth(bar, share) {
  bar.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
}

function fillShare(cell, share) {
  if (cell.firstChild === null) {
    const box = document.createElement('div');
    box.className = 'share';
    const track = document.createElement('span');
    track.className = 'track';
    track.append(document.createElement('span'));
    const text = document.createElement('span');
    text.className = 'number';
    box.append(track, text);
    cell.append(box);
  }
  const [track, text] = cell.firstChild.children;
  setWidth(track.firstChild, share);
  setText(text, share > 0 ? percent(share) : '–');
}

function fillLevels(cell, { coherence, stability, entropy, rupture }) {
  if (cell.firstChild === null) {
    const box = document.createElement('span');
    box.className = 'levels';
    box.role = 'img';
    for (let level = 0; level < 4; level += 1) box.append(document.createElement('i'));
    cell.append(box);
  }
  const levels = Object.entries({ C: coherence, S: stability, H: entropy, R: rupture });
  const box = cell.firstChild;
  box.title = levels.map(([name, value]) => `${name} ${value === null ? '–' : value.toFixed(3)}`).join('  ');
  box.ariaLabel = box.title;
  for (const [place, [, value]] of levels.entries()) {
    box.children[place].style.setProperty('--level', `${(value ?? 0) * 100}%`);
  }
}

const instrumentColumns = [
  word(({ symbol }) => symbol.replace('_', '/')),
  number((item) => priceText(item.midPrice, item.priceDecimals)),
  number(({ spreadBps }) => (spreadBps === null ? '–' : spreadBps.toFixed(2))),
  drawn((cell, item) => fillChips(cell, sessionChips(item))),
  drawn((cell, item) => fillChips(cell, gateChips(item))),
  drawn((cell, item) => fillShare(cell, item.weight)),
  drawn(fillLevels),
  number(({ hazard }) => (hazard === null ? '–' : hazard.toFixed(3))),
  number(({ trades30d }) => (trades30d === null ? '–' : String(trades30d))),
  number(({ calmar30d }) => (calmar30d === null ? '–' : calmar30d.toFixed(2))),
  signed(({ signedQuantity }) => signedQuantity, whole),
  number((item) => priceText(item.averagePrice, item.priceDecimals)),
  signed(({ unrealizedPnl }) => unrealizedPnl),
];

function orderColumns(instruments) {
  const byId = new Map(instruments.map((instrument) => [instrument.id, instrument]));
  return [
    word(({ instrument }) => (byId.get(instrument)?.symbol ?? instrument).replace('_', '/')),
    word(({ side }) => side),
    number(({ quantity }) => whole.format(quantity)),
    word(({ purpose }) => purpose.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)),
    number((order) => priceText(order.stopPrice ?? order.limitPrice, byId.get(order.instrument)?.priceDecimals ?? 5)),
    word(({ state }) => state),
  ];
}

const moduleColumns = [
  word(({ displayName, mode }) => (mode === 'ACTIVE' ? displayName : `${displayName} (${mode.toLowerCase()})`)),
  word(({ slot }) => slot),
  number(({ calls }) => whole.format(calls)),
  drawn((cell, { calls, changed }) => fillShare(cell, calls === 0 ? 0 : changed / calls)),
  number(({ failed, refused }) => (failed + refused === 0 ? '–' : whole.format(failed + refused))),
];

function renderHead(status) {
  const { desk, kind, market, speed, at, isMarketOpen, isDemonstration, isWarm } = status;
  show('run', `${desk} desk, ${kind}`);
  show('time', `${clock.format(at)} UTC`);
  element('time').dateTime = new Date(at).toISOString();
  show('market', `${market} market ${isMarketOpen ? 'open' : 'closed'}, ${speed} × real time`);
  element('demonstration').hidden = !isDemonstration;
  element('warming').hidden = isWarm;
  show('warming', `The desk takes in history; it has reached ${clock.format(at)} UTC and does not trade yet.`);
}

/** What keeps a desk from trading whose switch is released; nothing where nothing does. */
function holdOf(venue) {
  if (venue === null || venue === undefined) return undefined;
  if (!venue.isArmed)
    return `released, but ${venue.environment} account '${venue.account}' is disarmed: nothing is added`;
  const [first, ...others] = venue.impairments;
  if (first === undefined) return undefined;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `released, but nothing is added: ${first.part} of the venue is impaired (${first.reason})${more}`;
}

function renderKill(kill, venue) {
  isKnown = kill !== undefined;
  isEngaged = kill === undefined || kill.isEngaged !== false;
  const button = element('kill');
  button.dataset.engaged = String(isEngaged);
  setText(button, isEngaged ? 'Kill switch: engaged' : 'Engage kill switch');
  const text =
    kill === undefined
      ? 'state unknown, taken as engaged'
      : isEngaged
        ? `${kill.reason} (${kill.actor})`
        : (holdOf(venue) ?? 'released: the desk may trade');
  show('kill-text', text);
}

function renderAccount({ account, accountCurrency, budget, counts }) {
  show('equity', cents.format(account.equity));
  show('currency', accountCurrency);
  showSigned(element('day'), account.dayPnl);
  showSigned(element('unrealized'), account.unrealizedPnl);
  show('margin', percent(account.marginUtilization));
  setWidth(element('margin-bar'), account.marginUtilization);
  show('budget', budget === null ? '–' : whole.format(budget.budget));
  show('cap', budget === null ? '–' : whole.format(budget.perPositionCap));
  show('costs', cents.format(account.spreadCosts + account.fees - account.financing));
  show('spread-costs', cents.format(account.spreadCosts));
  show('fees', cents.format(account.fees));
  show('financing', cents.format(account.financing));
  show('decisions', whole.format(counts.decisions ?? 0));
  const parts = { orders: 'orders', fills: 'fills', roundTrips: 'round trips', denials: 'refusals' };
  const texts = Object.entries(parts).map(([key, name]) => `${whole.format(counts[key] ?? 0)} ${name}`);
  show('counts', texts.join(', '));
}

function renderSpark(equity) {
  points.push(equity);
  if (points.length > pointsMax) points.shift();
  const low = Math.min(...points);
  const height = Math.max(...points) - low;
  const step = 300 / Math.max(1, points.length - 1);
  const line = points
    .map((value, place) => {
      const y = height === 0 ? 22 : 41 - ((value - low) / height) * 38;
      return `${place === 0 ? 'M' : 'L'}${(place * step).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
  element('spark-line').setAttribute('d', line);
  element('spark-area').setAttribute('d', `${line}L300 44L0 44Z`);
}

function renderLists({ instruments, orders, modules, alerts, gates, weights, at }) {
  syncRows(element('instruments'), instruments, ({ id }) => id, instrumentColumns);
  const held = weights?.isHeld ? ', held' : '';
  const weightsText =
    weights === null ? 'no weights yet' : `weights ${whole.format((at - weights.at) / 1000)} s old${held}`;
  show('ages', gates === null ? weightsText : `gates ${whole.format(gates.ageSeconds)} s old, ${weightsText}`);
  element('no-orders').hidden = orders.length > 0;
  element('orders-table').hidden = orders.length === 0;
  syncRows(element('orders'), orders, ({ clientOrderId }) => clientOrderId, orderColumns(instruments));
  syncRows(element('modules'), modules, ({ name, slot }) => `${name}/${slot}`, moduleColumns);
  element('no-alerts').hidden = alerts.length > 0;
  const lines = alerts.map(({ name, reason, raisedAt }) => `${name}: ${reason}, since ${clock.format(raisedAt)} UTC`);
  const list = element('alerts');
  if (list.dataset.text === lines.join('\n')) return;
  list.dataset.text = lines.join('\n');
  list.replaceChildren(
    ...lines.map((line) => {
      const item = document.createElement('li');
      item.className = 'bad';
      item.textContent = line;
      return item;
    }),
  );
}

function render(status) {
  renderHead(status);
  renderKill(status.kill, status.venue);
  renderAccount(status);
  renderSpark(status.account.equity);
  renderLists(status);
  show('run-id', status.runId);
  show('hash', status.decisionsHash.slice(0, 16));
  document.title = `${whole.format(status.account.equity)} ${status.accountCurrency}, Tradewind`;
}

function renderStale(problem) {
  const since = lastAnswerAt === 0 ? '' : ` since ${new Date(lastAnswerAt).toLocaleTimeString()}`;
  show('stale', `stale: no status from the desk${since} (${problem})`);
  renderKill(undefined, undefined);
}

async function poll() {
  let problem = '';
  try {
    const answer = await fetch('/api/status', { cache: 'no-store', signal: AbortSignal.timeout(answerMs) });
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    render(await answer.json());
    lastAnswerAt = Date.now();
  } catch (error) {
    problem = messageOf(error);
    renderStale(problem);
  }
  element('stale').hidden = problem === '';
  document.body.classList.toggle('is-stale', problem !== '');
  setTimeout(poll, pollMs);
}

let isReleasing = false;

function openDialog() {
  // To engage once more than needed does no harm; to release by mistake may.
  isReleasing = isKnown && isEngaged;
  show('dialog-title', isReleasing ? 'Release the kill switch?' : 'Engage the kill switch?');
  show(
    'dialog-text',
    isReleasing
      ? 'The desk may open and increase positions again.'
      : 'Entries are cancelled and nothing is increased until the switch is released. Positions and their stops are kept.',
  );
  setText(element('dialog-go'), isReleasing ? 'Release' : 'Engage');
  element('dialog-go').dataset.engages = String(!isReleasing);
  element('word-label').hidden = !isReleasing;
  element('flatten-label').hidden = isReleasing;
  element('dialog-word').value = '';
  element('dialog-reason').value = '';
  element('dialog-flatten').checked = false;
  show('dialog-problem', '');
  refreshGo();
  element('dialog').showModal();
}

function refreshGo() {
  element('dialog-go').disabled = isReleasing && element('dialog-word').value.trim() !== 'RELEASE';
}

async function send() {
  if (element('dialog-go').disabled) return;
  const reason = element('dialog-reason').value.trim();
  const body = {
    enabled: !isReleasing,
    reason: reason === '' ? 'from the status page' : reason,
    ...(isReleasing ? { confirm: true } : { flatten: element('dialog-flatten').checked }),
  };
  try {
    const answer = await fetch('/api/kill-switch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerMs),
    });
    if (answer.ok) return element('dialog').close();
    const { error } = await answer.json();
    show('dialog-problem', error?.message ?? `the desk answered ${answer.status}`);
  } catch (error) {
    show('dialog-problem', `the desk did not answer: ${messageOf(error)}`);
  }
  return undefined;
}

element('kill').addEventListener('click', openDialog);
element('dialog-cancel').addEventListener('click', () => element('dialog').close());
element('dialog-go').addEventListener('click', () => void send());
element('dialog-word').addEventListener('input', refreshGo);
element('dialog').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.tagName === 'INPUT') void send();
});
void poll();
