const labelLists = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const words = new Set(['and', 'or', 'unless', 'offset', 'bool', 'inf', 'nan']);

/**
 * The names of series in an expression of Prometheus: every word that is neither inside of quotes, braces, brackets or a list of labels, nor
 * a function, an operator or a part of a number.
 */
export function promqlNames(expression: string): string[] {
  const bare = expression
    .replaceAll(/'[^']*'|"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(labelLists, ' ')
    .replaceAll(/\b(?:sum|count|avg|min|max|topk|bottomk|quantile|group|stddev)\b/g, ' ');
  const found = [...bare.matchAll(/(?<![\w.:])([a-zA-Z_:][\w:]*)(\s*\()?/g)];
  return found
    .filter(([, name = '', call]) => call === undefined && !words.has(name.toLowerCase()))
    .map(([, name = '']) => name);
}
