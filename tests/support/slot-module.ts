import { z } from 'zod';
import type { DecisionEntry, EventType } from '#domain/events.ts';
import type { SlotName, SlotValues } from '#domain/pipeline.ts';
import { defineModule, type Module, type ModuleContext } from '#engine/module.ts';

type NoParameters = Record<string, never>;

export interface SlotModuleOptions {
  readonly entries?: readonly DecisionEntry[];
  readonly protectsOn?: readonly EventType[];
  readonly quietCodes?: readonly string[];
}

/** A module with one proposal and nothing else, to drive one slot in a test. The answer is the slot's new value. */
export function slotModule<K extends SlotName>(
  slot: K,
  name: string,
  answer: (value: SlotValues[K], context: ModuleContext<NoParameters>) => SlotValues[K],
  options: SlotModuleOptions = {},
): Module {
  const propose = {
    [slot]: (value: SlotValues[K], _: unknown, context: ModuleContext<NoParameters>) => ({
      value: answer(value, context),
      entries: options.entries ?? [],
    }),
  };
  return defineModule<NoParameters, NoParameters>({
    name,
    displayName: name,
    purpose: 'Answers what the test says.',
    parameters: z.strictObject({}),
    initialState: () => ({}),
    propose,
    ...(options.protectsOn === undefined ? {} : { protectsOn: options.protectsOn }),
    ...(options.quietCodes === undefined ? {} : { quietCodes: options.quietCodes }),
  });
}
