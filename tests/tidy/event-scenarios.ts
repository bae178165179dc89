import type { Problem, ProjectFile } from './problem.ts';
import { lineOf } from './source-shape.ts';

/** Event types that no scenario mentions in quotation marks. A problem points at the event's line in the table. */
export function missingScenarioProblems(
  eventTypes: readonly string[],
  table: ProjectFile,
  scenarios: readonly ProjectFile[],
): Problem[] {
  return eventTypes
    .filter((eventType) => !scenarios.some((scenario) => quotes(scenario.text, eventType)))
    .map((eventType) => ({
      path: table.path,
      line: lineOf(table.text, eventType),
      message: `no scenario mentions the event '${eventType}'`,
    }));
}

function quotes(text: string, words: string): boolean {
  return ["'", '"', '`'].some((mark) => text.includes(`${mark}${words}${mark}`));
}
