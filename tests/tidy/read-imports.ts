import { lineAt } from './lines.ts';
import { maskSource } from './mask-source.ts';

/** What a file names as its source: an import, a re-export, a dynamic import, or a worker's file by its address. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** True where the compiler erases the whole statement. */
  readonly isTypeOnly: boolean;
}

/** The words that stand before a specifier. Text between quotation marks is masked, so that a sample in a string is no import. */
const sourceOpening = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\(|\bnew\s+URL\s*\()\s*(['"])/g;

/** Every specifier a source names, in the order of the text. */
export function readImports(text: string): Import[] {
  const masked = maskSource(text);
  return [...masked.matchAll(sourceOpening)].map((match) => {
    const start = match.index + match[0].length;
    return {
      specifier: text.slice(start, masked.indexOf(match[1] ?? '', start)),
      line: lineAt(text, match.index),
      isTypeOnly:
        match[0].startsWith('from') && /^(?:import|export)\s+type\b/.test(statementBefore(masked, match.index)),
    };
  });
}

/** The text of the statement in which a `from` stands, up to it. */
function statementBefore(masked: string, index: number): string {
  const head = masked.slice(0, index);
  return head.slice(Math.max(head.lastIndexOf('import'), head.lastIndexOf('export')));
}
