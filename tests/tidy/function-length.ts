import { lineAt } from './lines.ts';
import { maskSource } from './mask-source.ts';
import type { Problem, ProjectFile } from './problem.ts';

const maxFunctionLines = 60;

/** A function's name, or its place where it has none, with its first line and how many lines it takes. */
export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** Every `function`, and every named arrow function with a block, in the order of the text. */
export function functionSpans(text: string): FunctionSpan[] {
  const masked = maskSource(text);
  const opening = /\bfunction\b\s*\*?\s*([\w$]*)|\b(?:const|let)\s+([\w$]+)\s*=\s*(?:async\s*)?(?=[(<])/g;
  return [...masked.matchAll(opening)].flatMap((match) => {
    const body =
      match[2] === undefined ? declarationBody(masked, match.index) : arrowBody(masked, match.index + match[0].length);
    if (body === -1) return [];
    const line = lineAt(masked, match.index);
    const end = closingPlace(masked, body, '{', '}');
    return [{ name: match[1] || match[2] || `line ${line}`, line, lines: lineAt(masked, end) - line + 1 }];
  });
}

/** Functions over the limit that the list of exemptions does not name, and exemptions that have become needless. */
export function longFunctionProblems(files: readonly ProjectFile[], exemptions: readonly string[]): Problem[] {
  const long = files.flatMap((file) =>
    functionSpans(file.text)
      .filter((span) => span.lines > maxFunctionLines)
      .map((span) => ({ key: `${file.path}#${span.name}`, path: file.path, span })),
  );
  const excess = long
    .filter(({ key }) => !exemptions.includes(key))
    .map(({ path, span }) => ({
      path,
      line: span.line,
      message: `'${span.name}' has ${span.lines} lines; at most ${maxFunctionLines} are allowed`,
    }));
  const stale = exemptions
    .filter((key) => !long.some((entry) => entry.key === key))
    .map((key) => ({ path: key.split('#')[0] ?? key, line: 1, message: `the exemption '${key}' is no longer needed` }));
  return [...excess, ...stale];
}

function declarationBody(masked: string, from: number): number {
  const parameters = masked.indexOf('(', from);
  return parameters === -1 ? -1 : bodyAfterParameters(masked, closingPlace(masked, parameters, '(', ')') + 1);
}

/** The body of an arrow function whose parameters begin at `from`; -1 where it has no block, or is no function. */
function arrowBody(masked: string, from: number): number {
  const parameters = masked.indexOf('(', from);
  if (parameters === -1) return -1;
  const end = closingPlace(masked, parameters, '(', ')') + 1;
  const arrow = /^\s*(?::[^;{]*?)?=>\s*\{/.exec(masked.slice(end, end + 2000));
  return arrow === null ? -1 : end + arrow[0].length - 1;
}

/**
 * The first brace that can open a body. A brace of the returned type follows a sign that still asks for a type; a brace that
 * follows a finished type opens the body. An overload ends with a semicolon and has none.
 */
function bodyAfterParameters(masked: string, from: number): number {
  for (let at = from; at < masked.length; at += 1) {
    const char = masked.charAt(at);
    if (char === ';') return -1;
    if (char !== '{') continue;
    const before = masked.slice(from, at).trimEnd();
    if (before === '' || /(?:[\w$\])}'"`]|[^=]>)$/.test(before)) return at;
    at = closingPlace(masked, at, '{', '}');
  }
  return -1;
}

/** The place of the sign that closes the one at `from`, or the text's end. */
function closingPlace(masked: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < masked.length; at += 1) {
    const char = masked.charAt(at);
    if (char === open) depth += 1;
    if (char === close) depth -= 1;
    if (depth === 0) return at;
  }
  return masked.length;
}
