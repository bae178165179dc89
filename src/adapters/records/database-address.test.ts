import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDatabaseAddress } from './database-address.ts';

test('a file is named by its path, with or without slashes before it', () => {
  const address = { type: 'sqlite', path: '/data/a b.sqlite', shown: 'sqlite:/data/a b.sqlite', secrets: [] };
  assert.deepEqual(parseDatabaseAddress('sqlite:/data/a b.sqlite'), address);
  assert.deepEqual(parseDatabaseAddress('sqlite:///data/a b.sqlite'), address);
  assert.equal(parseDatabaseAddress('sqlite:relative.sqlite').shown, 'sqlite:relative.sqlite');
});

test('a server is shown without its user, password and options', () => {
  const url = 'postgresql://user:p%2Fw@db.local:5433/records?sslmode=require&password=other';
  assert.deepEqual(parseDatabaseAddress(url), {
    type: 'postgres',
    url,
    shown: 'postgresql://db.local:5433/records',
    secrets: ['p%2Fw', 'p/w', 'other'],
  });
  assert.deepEqual(parseDatabaseAddress('postgres://db').secrets, []);
});

test('a password that is badly encoded is a secret as it stands', () => {
  assert.deepEqual(parseDatabaseAddress('postgres://u:100%25%zz@db/x').secrets, ['100%25%zz']);
});

test('an address of something else is refused without being told', () => {
  const refusals: [string, RegExp][] = [
    ['mysql://u:secret@db/x', /expected|found 'mysql:\/\/'/],
    ['secret text', /found a text that is no address/],
    ['sqlite:', /has a path after 'sqlite:', found none/],
  ];
  for (const [url, message] of refusals) {
    assert.throws(
      () => parseDatabaseAddress(url),
      (error: Error) => {
        assert.equal(Reflect.get(error, 'code'), 'address');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  }
});
