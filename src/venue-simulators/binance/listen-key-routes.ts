import { refusals } from './refusals.ts';
import type { Route, Routes } from './routes.ts';

/** The key of the account's stream: asked for with the API key alone. */
export const listenKeyRoutes: Routes = {
  'POST /fapi/v1/listenKey': keyed(({ user }) => ({ listenKey: user.create() })),
  'PUT /fapi/v1/listenKey': keyed(({ user }) => (user.extend() ? { listenKey: user.create() } : refusals.badListenKey)),
  'DELETE /fapi/v1/listenKey': keyed(({ user }) => (user.remove() ? {} : refusals.badListenKey)),
};

function keyed(act: Route['act']): Route {
  return { security: 'key', weight: 1, act };
}
