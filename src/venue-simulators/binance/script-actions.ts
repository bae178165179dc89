import { assert } from '#base/assert.ts';
import type { ActionName } from './action-parameters.ts';
import type { Actions } from './action-scene.ts';
import { SCRIPTED_MAX } from './script-switches.ts';

/** Switches of the venue's own behaviour. */
export const scriptActions: Actions<
  Extract<
    ActionName,
    | 'hideOrders'
    | 'skewClock'
    | 'rejectNextTrigger'
    | 'acceptThenLose'
    | 'refuseOrders'
    | 'duplicateFills'
    | 'replayFills'
    | 'overfill'
    | 'unknownStatus'
    | 'reduceQuantity'
    | 'partialFills'
    | 'dropUserEvents'
    | 'foreignFeeAsset'
    | 'nextResponses'
    | 'matchLatency'
  >
> = {
  hideOrders: ({ script }, { ms }) => {
    script.hideOrdersMs = ms;
  },
  skewClock: ({ script }, { ms }) => {
    script.clockSkewMs = ms;
  },
  rejectNextTrigger: ({ script }, { count, reason }) => {
    script.rejectTriggers = { count, reason };
  },
  acceptThenLose: ({ script }, { count, what }) => {
    if (what === 'answer') script.loseAnswers = count;
    else script.loseOrders = count;
  },
  refuseOrders: ({ script }, { count, ...refusal }) => {
    assert(script.refusals.length < SCRIPTED_MAX, `at most ${SCRIPTED_MAX} refusals wait at once`);
    script.refusals.push({ ...refusal, times: count });
  },
  duplicateFills: ({ user }, { count }) => {
    user.duplicateCount = count;
  },
  replayFills: ({ user }, { count }) => user.replayFills(count),
  overfill: ({ script }, overfills) => {
    script.overfills = overfills;
  },
  unknownStatus: ({ script }, unknownStatuses) => {
    script.unknownStatuses = unknownStatuses;
  },
  reduceQuantity: ({ script }, reducedQuantities) => {
    script.reducedQuantities = reducedQuantities;
  },
  partialFills: ({ floor }, { steps }) => {
    Object.assign(floor.state, { fillQuantityMax: steps });
  },
  dropUserEvents: ({ user }, { count }) => {
    user.dropCount = count;
  },
  foreignFeeAsset: ({ script }, { asset, price }) => {
    script.feeAsset = asset === null ? null : { asset, price };
  },
  nextResponses: ({ script }, { status, body, headers, times, method, path, carriedOut }) => {
    assert(script.responses.length < SCRIPTED_MAX, `at most ${SCRIPTED_MAX} answers wait at once`);
    script.responses.push({
      answer: { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
      method,
      path: path === undefined ? undefined : new RegExp(path),
      isCarriedOut: carriedOut,
      times,
    });
  },
  matchLatency: ({ script }, { ms }) => {
    script.matchLatencyMs = ms;
  },
};
