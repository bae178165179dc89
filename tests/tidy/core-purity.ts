import { problemsOf } from './lines.ts';
import { maskSource } from './mask-source.ts';
import type { Problem, ProjectFile } from './problem.ts';

/** The rooms that know no clock, no dice, no environment and no waiting. */
const coreRooms = ['base', 'domain', 'metrics', 'models', 'engine', 'modules', 'sim', 'learning', 'projections'];

interface Ban {
  readonly pattern: RegExp;
  readonly message: string;
}

/** A name at the start of its chain, so that `venue.fetch(` is not taken for the global. */
function globalName(names: string, after: string): RegExp {
  return new RegExp(`(?<![\\w$.#])(?:globalThis\\.)?(?:${names})${after}`, 'g');
}

const bans: readonly Ban[] = [
  { pattern: globalName('Date', '\\.now\\b'), message: 'the core has no clock' },
  { pattern: /\bnew\s+Date\b(?:\s*\(\s*\)|(?!\s*\())/g, message: 'the core has no clock' },
  { pattern: /(?<![\w$.#]|\bnew\s)Date\s*\(/g, message: 'the core has no clock' },
  { pattern: globalName('performance', '\\s*\\.'), message: 'the core has no clock' },
  {
    pattern: /\.get(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|TimezoneOffset)\s*\(/g,
    message: 'the core has no time zone',
  },
  { pattern: globalName('Math', '\\.random\\b'), message: 'the core has no dice: draw from a seeded stream' },
  { pattern: globalName('crypto', '\\s*\\.'), message: 'the core has no dice: draw from a seeded stream' },
  { pattern: globalName('Math', '\\.pow\\b'), message: 'a power differs between machines: multiply' },
  { pattern: /\*\*=?/g, message: 'a power differs between machines: multiply' },
  { pattern: globalName('process', '\\s*[.\\[]'), message: 'the core has no environment' },
  { pattern: globalName('console', '\\s*\\.'), message: 'the core has no log' },
  {
    pattern: globalName('setTimeout|setInterval|setImmediate|queueMicrotask', '\\b'),
    message: 'the core has no timers: time comes as an event',
  },
  { pattern: globalName('fetch|XMLHttpRequest|WebSocket', '\\s*\\('), message: 'the core has no network' },
  {
    pattern: /(?<![\w$.#])(?:await\b|async\b(?=\s*(?:function\b|\(|\*|[\w$]+\s*(?:=>|\())))/g,
    message: 'the core is synchronous',
  },
  { pattern: /\bnew\s+Promise\b|(?<![\w$.#])Promise\s*\./g, message: 'the core is synchronous' },
  { pattern: globalName('Intl', '\\s*\\.'), message: 'the core has no locale' },
  { pattern: /\.(?:toLocale\w*|localeCompare)\b/g, message: 'the core has no locale' },
  { pattern: globalName('eval|require', '\\s*\\('), message: 'the core loads nothing at run time' },
  { pattern: /(?<![\w$.#])import\s*\(/g, message: 'the core loads nothing at run time' },
];

/** Calls that would make the same input give another output, or make the core wait. Tests are free of the rule. */
export function corePurityProblems(file: ProjectFile): Problem[] {
  const [top, room = ''] = file.path.split('/');
  if (top !== 'src' || !coreRooms.includes(room) || file.path.endsWith('.test.ts')) return [];
  const masked = maskSource(file.text);
  return bans.flatMap((ban) => problemsOf(file, masked, ban.pattern, ban.message)).sort((a, b) => a.line - b.line);
}
