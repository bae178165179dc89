import type { NetworkPort, SocketConnection, TimePort } from '#engine/ports.ts';

/** The time and the network of something that can end like a process that is killed: what was sent goes on, what comes back meets nobody. */
export interface MortalPorts {
  readonly time: TimePort;
  readonly network: NetworkPort;
  /** From here on no timer fires, nothing arrives and nothing leaves; what was open is ended. */
  die(): void;
}

export function mortalPorts(ports: { readonly time: TimePort; readonly network: NetworkPort }): MortalPorts {
  let isDead = false;
  const open = new Set<{ close(): void }>();
  const living = (act: () => void): void => {
    if (!isDead) act();
  };
  const keep = <C extends { close(): void }>(connection: C): C => {
    open.add(connection);
    return connection;
  };
  const network: NetworkPort = {
    request: (request, timeoutMs) => {
      if (isDead) return never();
      const asked = ports.network.request(request, timeoutMs);
      return new Promise((done, fail) => {
        asked.then(
          (answer) => living(() => done(answer)),
          (error: unknown) => living(() => fail(error)),
        );
      });
    },
    stream: (request, listener) => {
      if (isDead) return silent;
      return keep(
        ports.network.stream(request, {
          onOpen: (answer) => living(() => listener.onOpen(answer)),
          onBytes: (bytes) => living(() => listener.onBytes(bytes)),
          onClose: (reason) => living(() => listener.onClose(reason)),
        }),
      );
    },
    socket: (url, listener) => {
      if (isDead) return silent;
      return keep(
        ports.network.socket(url, {
          onOpen: () => living(() => listener.onOpen()),
          onText: (text) => living(() => listener.onText(text)),
          onPing: () => living(() => listener.onPing()),
          onClose: (reason) => living(() => listener.onClose(reason)),
        }),
      );
    },
  };
  return {
    time: {
      now: () => ports.time.now(),
      monotonic: () => ports.time.monotonic(),
      after: (ms, act) => (isDead ? () => undefined : ports.time.after(ms, () => living(act))),
      random: () => ports.time.random(),
    },
    network,
    die: () => {
      isDead = true;
      for (const connection of open) connection.close();
      open.clear();
    },
  };
}

const silent: SocketConnection = { send: () => undefined, close: () => undefined };

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
