import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SentimentReading } from '#domain/social.ts';
import { sentimentScorer } from '#metrics/sentiment/sentiment-scorer.ts';
import { hostileTexts } from '#venue-simulators/social/hostile-texts.ts';
import { type SimulatedPost, simulatedPosts } from '#venue-simulators/social/simulated-post.ts';
import { XServer } from '#venue-simulators/social/x-server.ts';
import { type VirtualNetwork, virtualNetwork } from '#venue-simulators/virtual-network.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { xSentiment } from './index.ts';

const origin = 'https://api.x.test';
const hourMs = 3_600_000;

interface Scene {
  readonly clock: HandClock;
  readonly server: XServer;
  readonly network: VirtualNetwork;
  readonly notices: string[];
  /** Asks, and lets time pass until there is a reading. */
  readonly read: (symbol: string) => Promise<SentimentReading>;
}

type PostsOf = (symbol: string, now: number) => readonly SimulatedPost[];

function sceneWith(postsOf: PostsOf, token: string | undefined = 'secret'): Scene {
  const clock = new HandClock();
  const server = new XServer({ time: clock, token: 'secret', postsOf: (symbol) => postsOf(symbol, clock.now()) });
  const network = virtualNetwork({ time: clock, servers: [{ origin, host: 'rest', server, address: 'one' }] });
  const notices: string[] = [];
  const onNotice = (text: string): void => void notices.push(text);
  const shared = { network, time: clock, address: origin, onNotice, scorer: sentimentScorer };
  const provider = xSentiment(token === undefined ? shared : { ...shared, token });
  const read = async (symbol: string): Promise<SentimentReading> => {
    let found: SentimentReading | undefined;
    const asked = provider.sentiment(symbol).then((reading) => {
      found = reading;
    });
    for (let tries = 0; found === undefined && tries < 60; tries += 1) await clock.pass(1);
    for (let tries = 0; found === undefined && tries < 60; tries += 1) await clock.pass(1_000);
    await asked;
    return found ?? assert.fail('no reading came');
  };
  return { clock, server, network, notices, read };
}

/** A crowd of 100 posts over the last 50 minutes. */
function crowdOf(praiseFraction: number): PostsOf {
  const untilAt = new HandClock().now() - 60_000;
  return (symbol) => simulatedPosts({ symbol, seed: 7, untilAt, count: 100, everyMs: 30_000, praiseFraction });
}

test('a crowd that praises is above zero, one that blames below', async () => {
  const praised = await sceneWith(crowdOf(0.9)).read('BTC');
  assert.ok(praised.score > 0.3 && praised.quality > 0.4, JSON.stringify(praised));
  assert.deepEqual([praised.symbol, praised.source, praised.trouble], ['BTC', 'asked', null]);
  const blamed = await sceneWith(crowdOf(0.1)).read('BTC');
  assert.ok(blamed.score < -0.3 && blamed.quality > 0.4, JSON.stringify(blamed));
});

test('nobody who talks is neutral, of no quality, and no trouble', async () => {
  const { clock, read } = sceneWith(() => []);
  const { measuredAt, ...reading } = await read('BTC');
  assert.ok(measuredAt <= clock.now());
  assert.partialDeepStrictEqual(reading, {
    score: 0,
    quality: 0,
    postCount: 0,
    authorCount: 0,
    source: 'asked',
    trouble: null,
  });
});

test('without a token nothing is asked', async () => {
  const { read, network } = sceneWith(crowdOf(0.9), '');
  assert.partialDeepStrictEqual(await read('BTC'), {
    symbol: 'BTC',
    score: 0,
    quality: 0,
    source: 'none',
    trouble: 'noToken',
  });
  assert.equal(network.requestCount, 0);
});

test('what is no symbol is neither asked for nor given back', async () => {
  const { read, network } = sceneWith(crowdOf(0.9));
  for (const text of ['', 'BTC OR from:x', '<b>', "'; DROP TABLE", 'x'.repeat(100)]) {
    assert.partialDeepStrictEqual(await read(text), { symbol: '', score: 0, quality: 0, source: 'none' });
  }
  assert.equal(network.requestCount, 0);
});

test('a reading is kept for 30 seconds, and one question is under way for all who ask', async () => {
  const { clock, server, read } = sceneWith(crowdOf(0.9));
  const [first, second] = await Promise.all([read('BTC'), read('BTC')]);
  assert.equal(first.score, second.score);
  await clock.pass(29_000);
  assert.equal((await read('BTC')).source, 'asked');
  assert.equal(server.queries.length, 1);
  await clock.pass(1_000);
  await read('BTC');
  assert.equal(server.queries.length, 2);
});

test('a later question only asks for what is new, and the same posts are not counted twice', async () => {
  const { clock, server, read } = sceneWith(crowdOf(0.9));
  const first = await read('BTC');
  await clock.pass(60_000);
  const second = await read('BTC');
  assert.equal(second.postCount, first.postCount);
  const start = new URLSearchParams(server.queries[1]).get('start_time');
  assert.equal(Date.parse(start ?? ''), new HandClock().now() - 60_000 - 120_000);
});

test('a service that is away leaves the last reading, fading with a half-life of six hours', async () => {
  const { clock, network, read } = sceneWith(crowdOf(0.9));
  const first = await read('BTC');
  network.setUp(false);
  clock.jump(6 * hourMs);
  const later = await read('BTC');
  assert.deepEqual([later.source, later.trouble, later.measuredAt], ['kept', 'unreachable', first.measuredAt]);
  const left = 2 ** (-later.ageMs / (6 * hourMs));
  assert.ok(Math.abs(later.score - first.score * left) < 1e-12);
  assert.ok(Math.abs(later.quality - first.quality * left) < 1e-12);
  clock.jump(240 * hourMs);
  assert.ok(Math.abs((await read('BTC')).score) < 1e-9);
});

test('after a failure a symbol rests for a minute', async () => {
  const { clock, network, read } = sceneWith(crowdOf(0.9));
  network.setUp(false);
  assert.partialDeepStrictEqual(await read('BTC'), { source: 'none', quality: 0, trouble: 'unreachable' });
  network.setUp(true);
  assert.equal((await read('BTC')).trouble, 'unreachable');
  await clock.pass(60_000);
  assert.equal((await read('BTC')).source, 'asked');
});

test('posts that were withheld lower the quality by their share', async () => {
  const whole = await sceneWith(crowdOf(0.9)).read('BTC');
  const { server, read } = sceneWith(crowdOf(0.9));
  server.act('withhold', { count: 50 });
  const half = await read('BTC');
  assert.equal(half.trouble, null);
  assert.ok(half.postCount < whole.postCount && half.quality < whole.quality / 1.5);
});

test('three hundred symbols are remembered, the one longest not asked for goes', async () => {
  const { server, read } = sceneWith(() => []);
  for (let place = 0; place <= 300; place += 1) await read(`C${place}`);
  const before = server.queries.length;
  await read('C300');
  assert.equal(server.queries.length, before);
  await read('C0');
  assert.equal(server.queries.length, before + 1);
});

test('fifty texts that give orders change nothing but a bounded score', async () => {
  const at = new HandClock().now();
  const hostile = hostileTexts.map((text, place) => ({
    id: String(9_000 + place),
    authorId: String(500 + place),
    text,
    createdAt: at - 600_000 - place * 120_000,
  }));
  const bland = hostile.map((post) => ({ ...post, text: 'looking at the chart' }));
  const attacked = sceneWith((symbol) => (symbol === 'BTC' ? hostile : crowdOf(0.9)(symbol, at)));
  const quiet = sceneWith((symbol) => (symbol === 'BTC' ? bland : crowdOf(0.9)(symbol, at)));

  const [reading, calm] = [await attacked.read('BTC'), await quiet.read('BTC')];
  assert.deepEqual(Object.keys(reading).sort(), Object.keys(calm).sort());
  assert.ok(reading.score >= -1 && reading.score <= 1 && reading.quality >= 0 && reading.quality < 1);
  const { score: _, quality: __, postCount, authorCount, ...rest } = reading;
  const { score: ___, quality: ____, postCount: calmPosts, authorCount: calmAuthors, ...calmRest } = calm;
  assert.deepEqual(rest, calmRest);
  assert.ok(postCount <= 50 && authorCount <= 50 && calmPosts > 0 && calmAuthors > 0);

  // Other coins read the same, the same questions leave, nothing is told, and nothing that was written is anywhere in what comes out.
  assert.deepEqual(await attacked.read('ETH'), await quiet.read('ETH'));
  assert.deepEqual(attacked.server.queries, quiet.server.queries);
  assert.deepEqual([attacked.notices, quiet.notices], [[], []]);
  const strings = Object.values(reading).filter((value) => typeof value === 'string');
  assert.deepEqual(strings.sort(), ['BTC', 'asked']);
  assert.deepEqual([Reflect.get({}, 'isAdmin'), Reflect.get({}, 'score')], [undefined, undefined]);
});
