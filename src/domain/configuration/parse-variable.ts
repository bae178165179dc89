import type { VariableValue } from './configuration-value.ts';
import type { ConfigurationVariable } from './configuration-variable.ts';

const wholeNumber = /^[+-]?\d+$/;
const decimalNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const address = /^[a-z][a-z0-9+.-]*:\/\/\S+$/;
const pairName = /^[A-Z]{3}_[A-Z]{3}$/;

/** The value of a text that is not blank, or undefined where it is not what the row expects. */
export function parseVariable(variable: ConfigurationVariable, text: string): VariableValue | undefined {
  switch (variable.type) {
    case 'integer':
      return wholeNumber.test(text) ? inRange(variable, Number(text)) : undefined;
    case 'number':
      return decimalNumber.test(text) ? inRange(variable, Number(text)) : undefined;
    case 'flag':
      return parseFlag(text.toLowerCase());
    case 'text':
      return text;
    case 'url':
      return address.test(text) ? text : undefined;
    case 'choice':
      return variable.choices?.includes(text) === true ? text : undefined;
    case 'list':
      return parsePairs(text);
    case 'json':
      return parseFigures(variable, text);
  }
}

/** What a row expects, in words. */
export function expectationOf(variable: ConfigurationVariable): string {
  switch (variable.type) {
    case 'integer':
      return `a whole number${rangeText(variable)}`;
    case 'number':
      return `a number${rangeText(variable)}`;
    case 'flag':
      return '0 or 1';
    case 'text':
      return 'a text';
    case 'url':
      return 'an address like scheme://host';
    case 'choice':
      return (variable.choices ?? []).join(', ').replace(/, ([^,]*)$/, ' or $1');
    case 'list':
      return 'different pairs like EUR_USD, separated by commas';
    case 'json':
      return 'a JSON object of pairs and numbers, like {"USD_CHF":0.15}';
  }
}

function inRange(variable: ConfigurationVariable, value: number): number | undefined {
  const { minimum, maximum, above, below, type } = variable;
  if (type === 'integer' ? !Number.isSafeInteger(value) : !Number.isFinite(value)) return undefined;
  if (minimum !== undefined && value < minimum) return undefined;
  if (maximum !== undefined && value > maximum) return undefined;
  if (above !== undefined && value <= above) return undefined;
  if (below !== undefined && value >= below) return undefined;
  // Minus zero would be another document than zero.
  return value === 0 ? 0 : value;
}

function rangeText({ minimum, maximum, above, below }: ConfigurationVariable): string {
  if (minimum !== undefined && maximum !== undefined) {
    return minimum === maximum ? `, which is ${minimum}` : ` from ${minimum} to ${maximum}`;
  }
  const bounds = [
    minimum === undefined ? '' : `at least ${minimum}`,
    above === undefined ? '' : `above ${above}`,
    maximum === undefined ? '' : `at most ${maximum}`,
    below === undefined ? '' : `below ${below}`,
  ].filter((bound) => bound !== '');
  return bounds.length === 0 ? '' : ` ${bounds.join(' and ')}`;
}

function parseFlag(text: string): boolean | undefined {
  if (text === '1' || text === 'true') return true;
  return text === '0' || text === 'false' ? false : undefined;
}

/** Pairs in capitals, each once. Small letters are lifted, as every reader of the list has always done. */
function parsePairs(text: string): readonly string[] | undefined {
  const pairs = text.split(',').map((pair) => pair.trim().toUpperCase());
  const isGood = pairs.every((pair) => pairName.test(pair)) && new Set(pairs).size === pairs.length;
  return isGood ? pairs : undefined;
}

/** Figures by pair, clamped to the bounds of the row (FX desk specification d.3), in the order of the pairs' names. */
function parseFigures(variable: ConfigurationVariable, text: string): Readonly<Record<string, number>> | undefined {
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const figures: Record<string, number> = {};
  for (const [pair, figure] of Object.entries(parsed).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!pairName.test(pair) || typeof figure !== 'number' || !Number.isFinite(figure)) return undefined;
    figures[pair] = Math.min(Math.max(figure, variable.minimum ?? -Infinity), variable.maximum ?? Infinity);
  }
  return figures;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller names the variable and what was expected of it.
    return undefined;
  }
}
