import { present } from '#base/assert.ts';
import { type Event, originOf } from '#domain/events.ts';
import { hashEvent } from './decision-hash.ts';
import { contextFor, type Engine } from './engine.ts';
import { evolve } from './evolve.ts';
import { keepBrackets } from './keep-brackets.ts';
import { decide, protect } from './pipeline.ts';
import type { EngineState } from './state.ts';

/** Facts one step may cause; more is a loop among modules. */
const stepEventsMax = 10_000;

/**
 * One step: takes one input and returns every event it caused, itself first, in order. Each is folded into the state before the
 * next. The caller journals them as they come; sequence numbers belong to journalled events only.
 */
export function step(engine: Engine, input: Event): readonly Event[] {
  const produced: Event[] = [];
  apply(engine, input, produced);
  if (engine.policies !== undefined && engine.state.desk !== '') {
    const emit = (event: Event): void => apply(engine, event, produced);
    protect(engine, input, emit);
    if (input.type === 'time.ticked' && opensDecision(engine)) decide(engine, emit);
    keepBrackets(engine, input, emit);
  }
  return produced;
}

/** True at the first grid point after the barrier of the newest minute: all its bars are here, or the wait is over. */
function opensDecision({ state, policies }: Engine): boolean {
  const { barrier } = state;
  if (!state.isWarm || policies === undefined || barrier.pendingAt <= barrier.decidedAt) return false;
  const isComplete = barrier.arrived >= state.instrumentIds.length;
  if (!isComplete && state.at < barrier.pendingAt + policies.desk.barrierWaitMs) return false;
  barrier.decidedAt = barrier.pendingAt;
  return true;
}

/** Folds an event and the facts that follow from it, breadth first, and appends them all. */
function apply(engine: Engine, first: Event, produced: Event[]): void {
  const queue: Event[] = [first];
  for (let index = 0; index < queue.length; index += 1) {
    if (queue.length > stepEventsMax) throw new Error(`one '${first.type}' caused more than ${stepEventsMax} events`);
    const event = present(queue[index], 'queued event');
    const { state } = engine;
    if (isJournalled(state, event)) state.sequence += 1;
    const publish = (fact: Event): void => void queue.push(fact);
    engine.applied += 1;
    evolve(engine, event, publish);
    hashEvent(state.hash, event);
    produced.push(event);
    if (engine.policies !== undefined) evolveModules(engine, event, publish);
  }
}

/** Facts are journalled only where the run keeps them; inputs, decisions and commands always. */
export function isJournalled(state: Readonly<EngineState>, event: Event): boolean {
  return state.recordsFacts || originOf(event.type) !== 'fact';
}

function evolveModules(engine: Engine, event: Event, publish: (fact: Event) => void): void {
  const evolvers = engine.evolvers[event.type];
  if (evolvers === undefined) return;
  engine.publish = publish;
  for (const { name, evolver } of evolvers) evolver(engine.state.modules[name], event, contextFor(engine, name));
}
