import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('an order event has the fields that were recorded, and the newer ones', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.market('BUY', '0.010');
  const [first] = user.events();
  assert.equal(
    Object.keys(first.o).join(),
    's,c,S,o,f,q,p,ap,sp,x,X,i,l,z,L,n,N,T,t,b,a,m,R,wt,ot,ps,cp,rp,pP,si,ss,V,pm,gtd,er,st',
  );
  assert.deepEqual([first.o.x, first.o.X, first.o.o, first.o.er], ['NEW', 'NEW', 'MARKET', '0']);
  assert.match(user.texts[0] ?? '', /"i":8389766145050669870,/);
});

test('the short event of a fill carries the same trade id as the long one (F10)', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.market('BUY', '0.010');
  const events = user.events();
  const short = events.find(({ e }) => e === 'TRADE_LITE');
  const long = events.find(({ o }) => o?.x === 'TRADE');
  assert.equal(short.t, long.o.t);
  assert.deepEqual([short.L, short.l, short.i], [long.o.L, long.o.l, long.o.i]);
});

test('a status that nobody knows is told as scripted (F17)', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.server.act('unknownStatus', { status: 'EXPIRED_IN_MATCH' });
  scene.market('BUY', '0.010');
  const statuses = user.events().flatMap(({ o }) => o?.X ?? []);
  assert.deepEqual(statuses, ['EXPIRED_IN_MATCH', 'FILLED']);
});
