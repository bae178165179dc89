import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { askControl, type ControlAnswer, type ControlRequest, controlPath, serveControl } from './control-socket.ts';

const root = mkdtempSync(join(tmpdir(), 'tw-'));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
function newFolder(): string {
  folders += 1;
  const folder = join(root, `${folders}`);
  mkdirSync(folder);
  return folder;
}

/** Serves one folder for the length of a test and gives what was asked. */
async function serving(
  body: (folder: string, asked: ControlRequest[]) => Promise<void>,
  answer: (request: ControlRequest) => ControlAnswer = () => ({ isDone: true, message: 'done' }),
): Promise<void> {
  const folder = newFolder();
  const asked: ControlRequest[] = [];
  const server = await serveControl(folder, (request) => {
    asked.push(request);
    return answer(request);
  });
  try {
    await body(folder, asked);
  } finally {
    await closed(server);
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => void server.close(() => done()));
}

/** Writes bytes to a folder's socket and gives what comes back until it closes. */
function raw(folder: string, ...parts: readonly string[]): Promise<string> {
  return new Promise((done) => {
    let text = '';
    const socket = createConnection(controlPath(folder));
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('error', () => done(text));
    socket.on('close', () => done(text));
    for (const part of parts) socket.write(part);
  });
}

const kill: ControlRequest = { command: 'kill.engage', actor: 'operator', reason: 'storm', flatten: true };

test('a request reaches the desk whole and its answer comes back', () =>
  serving(
    async (folder, asked) => {
      const requests: ControlRequest[] = [
        kill,
        { command: 'kill.release', actor: 'operator', reason: 'calm' },
        { command: 'reduce', instrument: 'EURUSD.OANDA', quantity: 5, actor: 'operator', reason: 'less' },
        { command: 'status' },
      ];
      for (const request of requests) {
        assert.deepEqual(await askControl(folder, request), {
          isDone: true,
          message: request.command,
          status: { figures: [1, 2] },
        });
      }
      assert.deepEqual(asked, requests);
    },
    ({ command }) => ({ isDone: true, message: command, status: { figures: [1, 2] } }),
  ));

test('a folder on which no desk runs gives nothing', async () => {
  assert.equal(await askControl(newFolder(), { command: 'status' }), undefined);
});

test('the file of a desk that was killed is no desk, and the next one takes its place', async () => {
  const folder = newFolder();
  writeFileSync(controlPath(folder), '');
  assert.equal(await askControl(folder, { command: 'status' }), undefined);
  const server = await serveControl(folder, () => ({ isDone: true, message: 'new' }));
  assert.deepEqual(await askControl(folder, { command: 'status' }), { isDone: true, message: 'new' });
  await closed(server);
  assert.equal(existsSync(controlPath(folder)), false);
});

test('a request that is not as expected is refused with the reason and never carried out', () =>
  serving(async (folder, asked) => {
    const rows: [unknown, RegExp][] = [
      [{ command: 'explode' }, /command/],
      [{ ...kill, actor: '' }, /actor/],
      [{ ...kill, extra: 1 }, /extra/],
      [{ command: 'reduce', instrument: 'X', quantity: 0, actor: 'a', reason: 'r' }, /quantity/],
      [{ command: 'reduce', instrument: 'X', quantity: 1.5, actor: 'a', reason: 'r' }, /quantity/],
      [{ command: 'kill.release', actor: 'a' }, /reason/],
    ];
    for (const [request, expected] of rows) {
      const answer = JSON.parse(await raw(folder, `${JSON.stringify(request)}\n`)) as ControlAnswer;
      assert.equal(answer.isDone, false);
      assert.match(answer.message, expected, JSON.stringify(request));
    }
    const broken = JSON.parse(await raw(folder, 'no json\n')) as ControlAnswer;
    assert.equal(broken.isDone, false);
    assert.deepEqual(asked, []);
  }));

test('a desk that throws answers with the words of its error', () =>
  serving(
    async (folder) => {
      assert.deepEqual(await askControl(folder, kill), { isDone: false, message: 'the disk is full' });
    },
    () => {
      throw new Error('the disk is full');
    },
  ));

test('a request may come in pieces, and one line is one request', () =>
  serving(async (folder, asked) => {
    const line = `${JSON.stringify(kill)}\n`;
    const answer = await raw(folder, line.slice(0, 7), line.slice(7));
    assert.deepEqual(JSON.parse(answer), { isDone: true, message: 'done' });
    assert.equal(asked.length, 1);
  }));

test('a line without an end is cut off', () =>
  serving(async (folder, asked) => {
    assert.equal(await raw(folder, 'x'.repeat(70_000)), '');
    assert.deepEqual(asked, []);
    // Whoever comes next is served.
    assert.equal((await askControl(folder, kill))?.isDone, true);
  }));

test('several may ask at once', () =>
  serving(async (folder, asked) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => askControl(folder, kill)));
    assert.ok(answers.every((answer) => answer?.isDone === true));
    assert.equal(asked.length, 20);
  }));

test('the socket stands in the folder, or for a long path in the temporary folder under a name of its own', () => {
  assert.equal(controlPath('/data'), '/data/control.sock');
  const long = `/data/${'x'.repeat(120)}`;
  assert.match(controlPath(long), /tradewind-[0-9a-f]{16}\.sock$/);
  assert.notEqual(controlPath(long), controlPath(`${long}y`));
  assert.ok(controlPath(long).length <= 100);
});

test('a folder is the same however it is written', () => {
  const folder = newFolder();
  assert.equal(controlPath(relative(process.cwd(), folder)), controlPath(folder));
});

test('a folder with a long path is served and found', async () => {
  const folder = join(newFolder(), 'y'.repeat(120));
  mkdirSync(folder);
  const server = await serveControl(folder, () => ({ isDone: true, message: 'far' }));
  assert.deepEqual(await askControl(folder, { command: 'status' }), { isDone: true, message: 'far' });
  await closed(server);
});
