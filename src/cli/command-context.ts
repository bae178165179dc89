import type { Output } from './output.ts';

/** What every command is given: the environment, where to print, and how to set the exit code. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  /** 0 done, 1 a failure or a difference, 2 wrong usage or bad input. Without a call it is 0. */
  exitWith(code: number): void;
}
