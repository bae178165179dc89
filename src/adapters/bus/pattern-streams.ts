import { domainOf, isFastLane, matchesPattern, patternProblem, streamNamesOf } from '#domain/bus/envelope.ts';

/** The streams that a set of patterns is read from, in two lanes; the fast one is emptied first. */
export interface PatternStreams {
  readonly fast: readonly string[];
  readonly normal: readonly string[];
}

const domainPrefix = streamNamesOf('').domain;

/**
 * Where to read. A plain type is read from its own stream, a pattern from the stream of its domain, and one that begins with a star
 * from the stream of every known domain. No envelope is found in two of them: a domain that is read whole is not read by type as well.
 */
export function patternStreams(patterns: readonly string[], knownStreams: readonly string[]): PatternStreams {
  const known = knownStreams
    .filter((stream) => stream.startsWith(domainPrefix))
    .map((stream) => stream.slice(domainPrefix.length));
  const isOpen = patterns.some(beginsWithStar);
  const whole = new Set(isOpen ? known : []);
  for (const pattern of patterns) if (isPattern(pattern) && !beginsWithStar(pattern)) whole.add(domainOf(pattern));
  const types = patterns.filter((pattern) => !isPattern(pattern) && !whole.has(domainOf(pattern)));
  // A domain that becomes known later must not be read twice, so that beside an open pattern types are read from their domain at once.
  const domains = isOpen ? [...whole, ...types.map(domainOf)] : [...whole];
  const lanes = [
    ...[...new Set(domains)].map((domain) => ({ stream: domainPrefix + domain, isFast: isFastLane(domain) })),
    ...(isOpen ? [] : [...new Set(types)]).map((type) => ({
      stream: streamNamesOf(type).type,
      isFast: isFastLane(type),
    })),
  ].sort((left, right) => (left.stream < right.stream ? -1 : 1));
  return {
    fast: lanes.filter(({ isFast }) => isFast).map(({ stream }) => stream),
    normal: lanes.filter(({ isFast }) => !isFast).map(({ stream }) => stream),
  };
}

/** True where domains that come up later belong to the patterns too. */
export function readsEveryDomain(patterns: readonly string[]): boolean {
  return patterns.some(beginsWithStar);
}

/** What is wrong with the patterns of a subscription; undefined where nothing is. */
export function patternsProblem(patterns: readonly string[]): string | undefined {
  if (patterns.length === 0) return 'expected a pattern at least, found none';
  for (const pattern of patterns) {
    const problem = patternProblem(pattern);
    if (problem !== undefined) return problem;
    if (!isPattern(pattern) && !pattern.includes('.')) {
      return `expected a type of two or more words, as 'order.filled', found '${pattern}'`;
    }
  }
  return undefined;
}

export function matchesAny(patterns: readonly string[], type: string): boolean {
  return patterns.some((pattern) => pattern === type || (isPattern(pattern) && matchesPattern(pattern, type)));
}

function isPattern(pattern: string): boolean {
  return pattern.includes('*');
}

function beginsWithStar(pattern: string): boolean {
  return pattern.startsWith('*');
}
