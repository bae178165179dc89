/** The scanner's place in a text, what it has written so far, and how deep each open template expression lies. */
interface Scan {
  readonly text: string;
  readonly out: string[];
  at: number;
  readonly templateDepths: number[];
}

/** Words after which a slash opens a pattern and not a division. */
const beforePattern = /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/;

/**
 * The source with everything that is not code blanked: comments whole, and the inside of strings, templates and patterns.
 * Length, line breaks and quotation marks stay, so that a place in the result is the same place in the source.
 */
export function maskSource(text: string): string {
  const scan: Scan = { text, out: [], at: 0, templateDepths: [] };
  if (text.startsWith('#!')) blankUntil(scan, lineEnd(text, 0));
  while (scan.at < text.length) step(scan);
  return scan.out.join('');
}

function step(scan: Scan): void {
  const { text, at } = scan;
  const char = text.charAt(at);
  if (text.startsWith('//', at)) blankUntil(scan, lineEnd(text, at));
  else if (text.startsWith('/*', at)) blankUntil(scan, endAfter(text, '*/', at + 2));
  else if (char === "'" || char === '"') quoted(scan, char);
  else if (char === '`') template(scan);
  else if (char === '/' && opensPattern(scan)) pattern(scan);
  else if (char === '{') brace(scan, 1);
  else if (char === '}') brace(scan, -1);
  else keep(scan);
}

/** Braces are counted only inside a template expression, to know where the template's own text goes on. */
function brace(scan: Scan, change: 1 | -1): void {
  keep(scan);
  const depth = scan.templateDepths.pop();
  if (depth === undefined) return;
  if (depth + change === 0) templateText(scan);
  else scan.templateDepths.push(depth + change);
}

function keep(scan: Scan): void {
  scan.out.push(scan.text.charAt(scan.at));
  scan.at += 1;
}

function blankUntil(scan: Scan, end: number): void {
  scan.out.push(scan.text.slice(scan.at, end).replace(/[^\n]/g, ' '));
  scan.at = Math.max(end, scan.at);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function endAfter(text: string, closing: string, from: number): number {
  const end = text.indexOf(closing, from);
  return end === -1 ? text.length : end + closing.length;
}

/** The place of the closing character, escapes passed over, or of the line's end where it is missing. */
function closingPlace(text: string, from: number, closing: string): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== closing && text.charAt(at) !== '\n')
    at += text.charAt(at) === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}

function quoted(scan: Scan, quote: string): void {
  keep(scan);
  blankUntil(scan, closingPlace(scan.text, scan.at, quote));
  if (scan.text.charAt(scan.at) === quote) keep(scan);
}

function template(scan: Scan): void {
  keep(scan);
  templateText(scan);
}

function templateText(scan: Scan): void {
  const { text } = scan;
  let at = scan.at;
  while (at < text.length && text.charAt(at) !== '`' && !text.startsWith('${', at))
    at += text.charAt(at) === '\\' ? 2 : 1;
  blankUntil(scan, Math.min(at, text.length));
  if (scan.text.charAt(scan.at) === '`') keep(scan);
  else if (scan.at < text.length) {
    keep(scan);
    keep(scan);
    scan.templateDepths.push(1);
  }
}

/** A slash divides after a value; elsewhere it opens a pattern. After `<` it is taken for a closing tag. */
function opensPattern(scan: Scan): boolean {
  const before = scan.out.slice(-200).join('').trimEnd();
  if (before === '') return true;
  return /[(,=:[!&|?{;+\-*%>~^]$/.test(before) || beforePattern.test(before);
}

function pattern(scan: Scan): void {
  const { text } = scan;
  let at = scan.at + 1;
  let isInClass = false;
  while (at < text.length && text.charAt(at) !== '\n' && (isInClass || text.charAt(at) !== '/')) {
    if (text.charAt(at) === '[') isInClass = true;
    if (text.charAt(at) === ']') isInClass = false;
    at += text.charAt(at) === '\\' ? 2 : 1;
  }
  keep(scan);
  blankUntil(scan, Math.min(at, text.length));
  if (scan.text.charAt(scan.at) === '/') keep(scan);
}
