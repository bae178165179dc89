import type { ControlAnswer, ControlRequest } from './control-socket.ts';
import type { OperatedDesk } from './operate.ts';

type ArmingRequest = Extract<ControlRequest, { readonly command: 'arm' | 'disarm' }>;

/** What an operator types to arm the desk of an account, so that nobody arms another one by habit. */
export function armingPhrase(account: string): string {
  return `ARM ${account}`;
}

/** Arms or disarms a desk at a real venue. To disarm always works; to arm releases no kill switch. */
export function operateArming(desk: OperatedDesk, request: ArmingRequest): ControlAnswer {
  const { isArmed, venue, kill } = desk.engine.state;
  const { actor, reason, traceparent } = request;
  const author = traceparent === undefined ? { actor, reason } : { actor, reason, traceparent };
  if (request.command === 'disarm') {
    if (!isArmed) return { isDone: true, message: 'the desk was disarmed already' };
    desk.request((at) => ({ type: 'desk.disarmed', at, ...author }));
    return { isDone: true, message: 'the desk is disarmed: it adds nothing, and reductions go on' };
  }
  if (desk.armingRefusal === undefined) return { isDone: false, message: 'a desk on paper has nothing to arm' };
  const refusal = desk.armingRefusal();
  if (refusal !== undefined) return { isDone: false, message: `the desk is not armed: ${refusal}` };
  if (venue === null) return { isDone: false, message: 'the desk is not armed: its account has not been opened yet' };
  const expected = armingPhrase(venue.account);
  if (request.phrase !== expected) {
    return {
      isDone: false,
      message: `the desk is not armed: expected the phrase '${expected}', found '${request.phrase}'`,
    };
  }
  if (isArmed) return { isDone: true, message: 'the desk was armed already' };
  desk.request((at) => ({ type: 'desk.armed', at, ...author }));
  const rest = kill.isEngaged ? '; the kill switch is still engaged, and nothing is added before it is released' : '';
  return { isDone: true, message: `the desk is armed at the ${venue.environment} account '${venue.account}'${rest}` };
}
