import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify, classifyStatus, type Measure, type Outcome, outcomeRows } from './outcome.ts';

type Case = readonly [status: number, code: number | undefined, msg: string, Outcome, isRetryable: boolean, Measure];

const cases: readonly Case[] = [
  [401, -2014, 'API-key format invalid.', 'refused', false, 'permission'],
  [403, undefined, '', 'refused', false, 'forbidden'],
  [451, -1, 'Service unavailable from a restricted location', 'refused', false, 'forbidden'],
  [429, -1003, 'Too many requests', 'refused', true, 'ban'],
  [418, -1003, 'Way too many requests; IP banned until 1700000120000.', 'refused', true, 'ban'],
  [429, -1015, 'Too many new orders.', 'refused', true, 'orderLimit'],
  [400, -1003, 'Too many requests', 'refused', true, 'ban'],
  [400, -1015, 'Too many new orders.', 'refused', true, 'orderLimit'],
  [408, -1007, 'Timeout waiting for response from backend server.', 'unknown', false, 'none'],
  [408, undefined, '', 'unknown', false, 'none'],
  [503, -1000, 'Unknown error, please check your request or try again later.', 'unknown', false, 'none'],
  [503, -1, 'Service Unavailable.', 'refused', true, 'none'],
  [503, -1001, 'Internal error; unable to process your request. Please try again.', 'refused', true, 'none'],
  [503, -1008, 'Request throttled by system-level protection.', 'refused', true, 'none'],
  [400, -1008, 'Request throttled by system-level protection.', 'refused', true, 'none'],
  [503, -1, 'Something else', 'unknown', false, 'none'],
  [503, undefined, '', 'unknown', false, 'none'],
  [502, undefined, '', 'unknown', false, 'none'],
  [504, undefined, '', 'unknown', false, 'none'],
  [500, -1001, 'Internal error', 'unknown', false, 'none'],
  [400, -1000, 'An unknown error occurred', 'unknown', false, 'none'],
  [400, -1006, 'Unexpected response', 'unknown', false, 'none'],
  [400, -1007, 'Timeout', 'unknown', false, 'none'],
  [400, -4116, 'ClientOrderId is duplicated.', 'unknown', false, 'none'],
  [400, -1021, 'Timestamp for this request is outside of the recvWindow.', 'refused', true, 'resyncClock'],
  [400, -5028, 'Timestamp is outside of the matching engine recvWindow.', 'refused', true, 'resyncClock'],
  [400, -1111, 'Precision is over the maximum', 'refused', false, 'refreshFilters'],
  [400, -1013, 'Invalid quantity', 'refused', false, 'refreshFilters'],
  [400, -4014, 'Price not increased by tick size.', 'refused', false, 'refreshFilters'],
  [400, -4023, 'Qty not increased by step size.', 'refused', false, 'refreshFilters'],
  [400, -4164, "Order's notional must be no smaller than 100", 'refused', false, 'refreshFilters'],
  [400, -4140, 'Invalid symbol status for opening position', 'refused', false, 'refreshFilters'],
  [400, -1002, 'You are not authorized', 'refused', false, 'permission'],
  [400, -1022, 'Signature for this request is not valid.', 'refused', false, 'permission'],
  [400, -2014, 'API-key format invalid.', 'refused', false, 'permission'],
  [400, -2015, 'Invalid API-key, IP, or permissions for action.', 'refused', false, 'permission'],
  [400, -4109, 'Account is inactive', 'refused', false, 'permission'],
  [400, -4061, "Order's position side does not match user's setting.", 'refused', false, 'accountMode'],
  ...[
    -1100, -1106, -1116, -1121, -1125, -2010, -2011, -2013, -2018, -2019, -2021, -2022, -2023, -2024, -2025, -2027,
  ].map((code): Case => [400, code, 'x', 'refused', false, 'none']),
  ...[-4003, -4005, -4028, -4046, -4059, -4118, -4120, -4131, -4161, -4192, -4400, -5021, -5022, -5027].map(
    (code): Case => [400, code, 'x', 'refused', false, 'none'],
  ),
  [404, undefined, '', 'unknown', false, 'none'],
  [400, undefined, '', 'unknown', false, 'none'],
];

for (const [status, code, msg, outcome, isRetryable, measure] of cases) {
  test(`status ${status} with code ${code ?? 'none'} '${msg}' proves ${outcome} (F03, F05)`, () => {
    const verdict = classify(status, code === undefined ? {} : { code, msg });
    assert.deepEqual(
      { outcome: verdict.outcome, isRetryable: verdict.isRetryable, measure: verdict.measure },
      { outcome, isRetryable, measure },
    );
  });
}

test('every row of the table is met by a case', () => {
  const met = new Set<unknown>();
  for (const [status, code, msg] of cases) {
    const list = [...outcomeRows];
    const row = list.find(
      (candidate) =>
        (candidate.status === undefined || [candidate.status].flat().includes(status)) &&
        (candidate.code === undefined || (code !== undefined && [candidate.code].flat().includes(code))) &&
        (candidate.text === undefined || candidate.text.test(msg)),
    );
    met.add(row);
  }
  assert.deepEqual(
    outcomeRows.filter((row) => !met.has(row)),
    [],
  );
});

test('a success is confirmed, even where its code is 200 written as a text', () => {
  assert.equal(classify(200, { orderId: 1 }).outcome, 'confirmed');
  assert.equal(classify(200, { code: '200', msg: 'success' }).outcome, 'confirmed');
  assert.equal(classify(200, { code: 200, msg: 'done' }).outcome, 'confirmed');
  assert.equal(classify(200, []).outcome, 'confirmed');
});

test('an error inside a success is no success (F16)', () => {
  const { outcome, code } = classify(200, { code: -2022, msg: 'ReduceOnly Order is rejected.' });
  assert.deepEqual([outcome, code], ['refused', '-2022']);
});

test('an answer that is not JSON proves nothing, save where the door was shut (F44, F49)', () => {
  assert.equal(classifyStatus(200, 'not JSON').outcome, 'unknown');
  assert.equal(classifyStatus(503, 'not JSON').outcome, 'unknown');
  assert.equal(classifyStatus(undefined, 'reset').outcome, 'unknown');
  assert.equal(classifyStatus(403, 'not JSON').measure, 'forbidden');
  assert.equal(classifyStatus(418, 'not JSON').measure, 'ban');
});
