import { createOutput } from './output.ts';
import { runProgram } from './program.ts';

/** Runs the command line of this process. Returns its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that has seen enough, like `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const output = createOutput({ result: process.stdout, work: process.stderr }, process.env);
  return runProgram(argv, { environment: process.env, output });
}
