import type { ActingServer } from '#venue-simulators/faulty-server.ts';
import type { WireRequest } from '#venue-simulators/wire-server.ts';

/** A moment in the life of an order at the venue's door. */
export interface OrderMoment {
  /** The request has arrived and nothing has come of it; or it is carried out and its answer is about to leave. */
  readonly phase: 'arrived' | 'carriedOut';
  readonly kind: 'entry' | 'exit' | 'stop' | 'cancel';
}

/** Whether the request, or its answer, goes on; what is lost at its arrival is never carried out. */
export type MomentVerdict = 'goOn' | 'lose';

/** Shows everything about orders before and after the venue has carried it out. */
export function withMoments(onMoment: (moment: OrderMoment) => MomentVerdict): (server: ActingServer) => ActingServer {
  return (server) => ({
    ...server,
    openSocket: (request, socket) => server.openSocket(request, socket),
    handle: (request, reply) => {
      const kind = kindOf(request);
      if (kind === undefined) {
        server.handle(request, reply);
        return;
      }
      if (onMoment({ phase: 'arrived', kind }) === 'lose') {
        reply.reset();
        return;
      }
      server.handle(request, {
        ...reply,
        answer: (answer) => {
          if (onMoment({ phase: 'carriedOut', kind }) === 'lose') reply.reset();
          else reply.answer(answer);
        },
      });
    },
  });
}

function kindOf({ method, path, query, body = '' }: WireRequest): OrderMoment['kind'] | undefined {
  const text = `${query}&${body}`;
  if (/\/fapi\/v1\/(?:order|algoOrder)$/.test(path)) {
    if (method === 'DELETE') return 'cancel';
    if (method !== 'POST') return undefined;
    if (path.endsWith('/algoOrder')) return 'stop';
    return text.includes('reduceOnly=true') ? 'exit' : 'entry';
  }
  if (method === 'PUT' && path.endsWith('/cancel')) return 'cancel';
  if (method !== 'POST' || !/^\/v3\/accounts\/[^/]+\/orders$/.test(path)) return undefined;
  if (!text.includes('"REDUCE_ONLY"')) return 'entry';
  return text.includes('"STOP"') ? 'stop' : 'exit';
}
