import { accountActions } from './account-actions.ts';
import { ActionError, type ActionName, isActionName, readAction } from './action-parameters.ts';
import type { Actions } from './action-scene.ts';
import { marketActions } from './market-actions.ts';
import { orderActions } from './order-actions.ts';
import { scriptActions } from './script-actions.ts';
import type { World } from './world.ts';

const actions: Actions<ActionName> = { ...accountActions, ...marketActions, ...orderActions, ...scriptActions };

/** Makes something happen at the venue, now. Stops at an action or parameter that it does not know. */
export function performAction(world: World, action: string, parameters: Readonly<Record<string, unknown>>): void {
  if (!isActionName(action)) throw new ActionError(`the venue has no action '${action}'`);
  world.floor.settle();
  perform(world, action, parameters);
}

function perform<N extends ActionName>(world: World, name: N, parameters: Readonly<Record<string, unknown>>): void {
  actions[name](world, readAction(name, parameters));
}
