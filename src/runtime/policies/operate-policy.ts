import type { ControlAnswer, ControlRequest } from '../control-socket.ts';
import type { OperatedDesk } from '../operate.ts';
import { currentPolicies, outcomeText, type PolicyUpdate, preparePolicy, updatePolicy } from './policy-store.ts';

type PolicyRequest = Extract<ControlRequest, { readonly command: `policy.${string}` }>;

/** Carries out what is asked of the policies of a running desk. */
export function operatePolicy(desk: OperatedDesk, request: PolicyRequest): ControlAnswer {
  switch (request.command) {
    case 'policy.get':
      return { isDone: true, message: '', policies: currentPolicies(desk.engine) };
    case 'policy.set':
      return changed(desk, request, request.isDryRun);
    case 'policy.rollback':
      return changed(desk, rollbackUpdate(request), request.isDryRun);
  }
}

/** What a rollback asks for: the old content as a new version. */
interface Rollback {
  readonly key: string;
  readonly toVersion: number;
  /** The document as the journal has it in that version, in the words of the schema it is told in. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly schemaVersion: number;
  readonly expectedVersion: number;
  readonly actor: string;
  readonly reason: string;
  readonly traceparent?: string | undefined;
}

/** The update that a rollback is. Its reason says what it goes back to. */
export function rollbackUpdate(rollback: Rollback): PolicyUpdate {
  const { key, toVersion, document, schemaVersion, expectedVersion, actor, reason, traceparent } = rollback;
  return {
    key,
    content: { type: 'document', schemaVersion, document },
    expectedVersion,
    actor,
    reason: `rolled back to version ${toVersion}: ${reason}`,
    traceparent,
  };
}

function changed(desk: OperatedDesk, update: PolicyUpdate, isDryRun: boolean): ControlAnswer {
  const outcome = isDryRun ? preparePolicy(desk.engine, update).outcome : updatePolicy(desk, update);
  return { isDone: outcome.isCommitted, message: outcomeText(outcome), policy: outcome };
}
