import { JobEngineError } from './job-engine-error.ts';
import { withoutSecrets } from './queue-address.ts';

/** Waits for answers of a queue, none of them for ever. */
export interface AnswerWait {
  /** What was answered; throws a `JobEngineError` where the queue refused or stayed silent, or the waiting was given up. */
  answer<T>(asked: Promise<T>): Promise<T>;
  /** Gives up all waiting: the connections close, and what they owe will never come. */
  giveUp(): void;
}

export function answerWait(url: string, withinMs: number): AnswerWait {
  const waiting = new Set<(error: JobEngineError) => void>();
  return {
    answer: async (asked) => {
      let end = (_: JobEngineError): void => undefined;
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_, fail) => {
        end = fail;
        waiting.add(end);
        const error = new JobEngineError('unreachable', `the queue gave no answer within ${withinMs} ms`);
        timer = setTimeout(end, withinMs, error);
      });
      try {
        return await Promise.race([asked, silence]);
      } catch (error) {
        throw error instanceof JobEngineError ? error : refusal(error, url);
      } finally {
        clearTimeout(timer);
        waiting.delete(end);
        // What comes after the wait is over has nobody left to tell.
        asked.catch(() => undefined);
      }
    },
    giveUp: () => {
      for (const end of waiting) end(new JobEngineError('closed', 'the engine was closed before the queue answered'));
    },
  };
}

function refusal(error: unknown, url: string): JobEngineError {
  const message = error instanceof Error ? error.message : String(error);
  return new JobEngineError('failed', `the queue refused: ${withoutSecrets(message, url)}`);
}
