import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Agent, request } from 'undici';
import { systemTime } from '#adapters/time/system-time.ts';
import { CircuitBreaker } from '#adapters/wire/circuit-breaker.ts';
import { parseExactJson } from '#adapters/wire/exact-json.ts';
import { RateBudget } from '#adapters/wire/rate-budget.ts';
import { systemNetwork } from '#adapters/wire/system-network.ts';
import { VenueClient } from '#adapters/wire/venue-client.ts';

// Prints what a call to a venue costs through the limiter, the breaker and the exact parser against the bare client, and what parsing exactly costs
// against the plain parser, in the same run and against the same local server.

const CALLS = 4_000;
const ROUNDS = 5;
const small = JSON.stringify({ orderId: 1, status: 'NEW', price: '62000.10', updateTime: 1_700_000_000_000 });
const big = small.replace('"orderId":1', '"orderId":8389766145050669870');

const server = createServer((_, response) => {
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-mbx-used-weight-1m', '1');
  response.end(small);
});
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/order`;

async function bareCalls(agent: Agent): Promise<void> {
  for (let call = 0; call < CALLS; call += 1) {
    const { body } = await request(url, { dispatcher: agent });
    JSON.parse(await body.text());
  }
}

async function venueCalls(client: VenueClient): Promise<void> {
  for (let call = 0; call < CALLS; call += 1) {
    await client.call({
      prepare: () => ({ method: 'GET', url, headers: {} }),
      costs: { weight: 1 },
      priority: 'normal',
      isIdempotent: true,
    });
  }
}

async function timed(act: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

function parses(text: string, parse: (text: string) => unknown): number {
  const startedAt = performance.now();
  for (let count = 0; count < 200_000; count += 1) parse(text);
  return performance.now() - startedAt;
}

const network = systemNetwork();
const agent = new Agent({ connections: 1 });
const client = new VenueClient({
  network,
  time: systemTime,
  budget: new RateBudget({ time: systemTime, windows: [{ name: 'weight', capacity: 1e9, windowMs: 60_000 }] }),
  breaker: new CircuitBreaker({ time: systemTime }),
  onNotice: () => undefined,
  usedHeaders: { 'x-mbx-used-weight-1m': 'weight' },
});
const ratios: number[] = [];
const rates: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const bareMs = await timed(() => bareCalls(agent));
  const venueMs = await timed(() => venueCalls(client));
  ratios.push(bareMs / venueMs);
  rates.push((CALLS / venueMs) * 1_000);
}
console.log(`calls through limiter, breaker and exact parser: ${median(ratios).toFixed(2)} of bare undici`);
console.log(`that is ${Math.round(median(rates))} calls a second, one after the other`);
for (const [name, text] of [
  ['without a large number', small],
  ['with an id beyond 2^53', big],
] as const) {
  const plain = parses(text, JSON.parse);
  const exact = parses(text, parseExactJson);
  console.log(`exact parsing ${name}: ${(plain / exact).toFixed(2)} of JSON.parse`);
}
await agent.close();
await network.close();
server.close();
