/**
 * A text without line ends and terminal commands, which are shown as JSON escapes: no value can pass for a line of its own. Inside of
 * JSON it stays the same value, since JSON leaves only signs inside of texts as they are.
 */
export function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (sign) => {
    const escaped = JSON.stringify(sign).slice(1, -1);
    return escaped === sign ? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });
}
