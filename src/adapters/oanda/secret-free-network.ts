import type { NetworkPort } from '#engine/ports.ts';
import { withoutSecrets } from './excerpt.ts';

/**
 * The same network with secrets taken out of what is answered: a server may say back what it was sent, and answers end up in events, logs and
 * errors. What streams carry is cleaned line by line where it is read.
 */
export function secretFreeNetwork(network: NetworkPort, secrets: readonly string[]): NetworkPort {
  return {
    request: async (request, timeoutMs) => {
      const answer = await network.request(request, timeoutMs);
      return { ...answer, body: withoutSecrets(answer.body, secrets) };
    },
    stream: (request, listener) => network.stream(request, listener),
    socket: (url, listener) => network.socket(url, listener),
  };
}
