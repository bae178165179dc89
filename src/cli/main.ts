import { createOutput } from './output.ts';
import { runProgram } from './program.ts';

/** Runs the command line of this process. Returns its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that has seen enough, like `head`, is no failure; and a desk that nobody watches any more trades on and stops in order.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const output = createOutput({ result: process.stdout, work: process.stderr }, process.env);
  return runProgram(argv, { environment: process.env, output });
}
