import type { LogLine } from './log-line.ts';
import { singleLine } from './single-line.ts';

/** A log line for people: one line too, so that no value can pass for a line of its own. */
export function logText(line: LogLine): string {
  const { timestamp, level, event, module, message, metadata, error, trace_id: traceId } = line;
  const words = [timestamp.slice(11, 23), level.padEnd(5), event, `[${module}]`];
  if (message !== undefined) words.push(message);
  for (const [name, value] of Object.entries(metadata)) words.push(`${name}=${JSON.stringify(value)}`);
  if (error !== undefined) words.push(`${error.type}: ${error.message}`);
  if (traceId !== null) words.push(`trace=${traceId}`);
  return singleLine(words.join(' '));
}
