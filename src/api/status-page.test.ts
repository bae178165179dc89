import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStatusPage } from './status-page.ts';

const page = readStatusPage();
const textOf = (route: string): string => page.find((file) => file.route === route)?.body.toString() ?? '';

test('the page carries no script and no style of its own, so that a strict policy can forbid them', () => {
  const html = textOf('/');
  for (const [, attributes = '', body = ''] of html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)) {
    assert.match(attributes, /src="\/page\.js"/);
    assert.equal(body, '');
  }
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|javascript:/i);
});

test('everything the page loads is one of its own files', () => {
  const routes = page.map(({ route }) => route);
  for (const [, target = ''] of textOf('/').matchAll(/(?:src|href)="([^"]+)"/g)) {
    assert.ok([...routes, '/api/status', '/metrics'].includes(target), target);
  }
  assert.doesNotMatch(textOf('/page.css') + textOf('/page.js'), /https?:\/\/|url\(/);
});

test('the script asks for elements that the page has', () => {
  const ids = new Set([...textOf('/').matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  const asked = [...textOf('/page.js').matchAll(/(?:element|show)\(\s*'([a-z-]+)'/g)].map(([, id]) => id);
  assert.ok(asked.length > 30);
  for (const id of asked) assert.ok(ids.has(id), `the page has no '${id}'`);
});

test('the script builds text, never markup', () => {
  assert.doesNotMatch(textOf('/page.js'), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
});
