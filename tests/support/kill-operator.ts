import { setTimeout as delay } from 'node:timers/promises';
import type { ControlAnswer } from '#runtime/control-socket.ts';
import { RemoteEngineError, remoteEngine } from '#runtime/tail/remote-engine.ts';

const askEveryMs = 100;
const askAgainMs = 50;
const operatorName = 'kill-operator';
/** A document that changes nothing while no session ends. */
const key = 'before-close-exit/fx';

/** Somebody who changes a policy again and again, whatever becomes of the engine, and notes which changes were accepted. */
export interface PolicyOperator {
  /** The reasons of the changes that the engine said it has made. */
  readonly accepted: readonly string[];
  /** The reasons of those that may or may not have been made, since no answer came. */
  readonly unknown: readonly string[];
  stop(): Promise<void>;
}

/** True for an entry of the journal that this operator has caused. */
export function isOfOperator(actor: string): boolean {
  return actor === operatorName;
}

export function operateEngine(address: string): PolicyOperator {
  const engine = remoteEngine({ address, token: undefined });
  const accepted: string[] = [];
  const unknown: string[] = [];
  let isStopping = false;
  let number = 0;
  /** 0 where it has to be asked for. */
  let version = 0;
  const change = async (): Promise<void> => {
    if (version === 0) version = versionIn(await engine.request({ command: 'policy.get' }));
    number += 1;
    const reason = `change ${number}`;
    unknown.push(reason);
    const content = { type: 'changes', changes: { retrySeconds: 30 + (number % 60) } } as const;
    const asked = { key, content, expectedVersion: version, actor: operatorName, reason, isDryRun: false };
    const { isDone } = await engine.request({ command: 'policy.set', ...asked });
    unknown.pop();
    version = isDone ? version + 1 : 0;
    if (isDone) accepted.push(reason);
  };
  const operate = async (): Promise<void> => {
    while (!isStopping) {
      try {
        await change();
        await delay(askEveryMs);
      } catch (error) {
        if (!(error instanceof RemoteEngineError)) throw error;
        version = 0;
        await delay(askAgainMs);
      }
    }
  };
  const operating = operate();
  // Whoever stops it hears what went wrong; until then nobody does.
  operating.catch(() => undefined);
  return {
    accepted,
    unknown,
    stop: async () => {
      isStopping = true;
      await operating;
    },
  };
}

function versionIn({ policies }: ControlAnswer): number {
  return policies?.documents[key]?.version ?? 0;
}
