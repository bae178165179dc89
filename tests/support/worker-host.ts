import { Command } from 'commander';
import { createOutput } from '#cli/output.ts';
import { registerWorker } from '#cli/worker-command.ts';

/** The worker command alone in a process of its own, so that signals and its end are those of a process. */
const output = createOutput({ result: process.stdout, work: process.stderr });
const program = new Command('tradewind');
registerWorker(program, {
  environment: process.env,
  output,
  exitWith: (code) => {
    process.exitCode = code;
  },
});
await program.parseAsync(process.argv.slice(2), { from: 'user' });
