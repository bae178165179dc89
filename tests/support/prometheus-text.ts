/** A series as a scraper reads it. */
export interface ScrapedSample {
  /** The name of the series; those of a histogram end in `_bucket`, `_sum` or `_count`. */
  readonly series: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ScrapedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: ScrapedSample[];
}

const nameForm = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const helpLine = new RegExp(`^# HELP (${nameForm}) (.*)$`);
const typeLine = new RegExp(`^# TYPE (${nameForm}) (counter|gauge|histogram)$`);
const sampleLine = new RegExp(`^(${nameForm})(?:\\{(.*)\\})? (\\S+)$`);
const labelForm = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,|$)/y;

/**
 * Reads the text format of Prometheus 0.0.4 as strictly as its documentation has it, and throws where a line breaks it: a family has one
 * help and one type, both before its samples; its samples stand together; no series stands twice.
 */
export function scrape(text: string): ReadonlyMap<string, ScrapedFamily> {
  if (!text.endsWith('\n')) throw new Error('expected a line end at the end of the text');
  const families = new Map<string, ScrapedFamily>();
  const helps = new Map<string, string>();
  const seen = new Set<string>();
  let current: ScrapedFamily | undefined;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, helped, help] = helpLine.exec(line) ?? [];
    const [, typed, type] = typeLine.exec(line) ?? [];
    if (helped !== undefined && help !== undefined) {
      if (helps.has(helped)) throw new Error(`expected one help of '${helped}', found '${line}'`);
      helps.set(helped, help);
    } else if (typed !== undefined && type !== undefined) {
      if (families.has(typed)) throw new Error(`expected one type of '${typed}', found '${line}'`);
      current = { name: typed, type, help: helps.get(typed) ?? '', samples: [] };
      families.set(typed, current);
    } else {
      current?.samples.push(sampleOf(line, current, seen));
    }
  }
  return families;
}

function sampleOf(line: string, { name, type }: ScrapedFamily, seen: Set<string>): ScrapedSample {
  const [, series = '', labelText = '', valueText = ''] = sampleLine.exec(line) ?? [];
  const own = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((ending) => name + ending) : [name];
  if (!own.includes(series)) throw new Error(`expected a sample of '${name}', found '${line}'`);
  const labels = labelsOf(labelText, line);
  const key = JSON.stringify([series, Object.entries(labels).sort()]);
  if (seen.has(key)) throw new Error(`expected a series once, found '${line}' again`);
  seen.add(key);
  const value = valueText === '+Inf' ? Infinity : valueText === '-Inf' ? -Infinity : Number(valueText);
  if (Number.isNaN(value) && valueText !== 'NaN') throw new Error(`expected a number, found '${line}'`);
  return { series, labels, value };
}

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let place = 0;
  while (place < text.length) {
    labelForm.lastIndex = place;
    const found = labelForm.exec(text);
    const [whole = '', name = '', value = ''] = found ?? [];
    if (found === null || Object.hasOwn(labels, name)) throw new Error(`expected labels, found '${line}'`);
    labels[name] = value.replaceAll(/\\([\\"n])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
    place += whole.length;
  }
  return labels;
}
