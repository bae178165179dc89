/** What stands where a secret stood. */
export const redacted = '[redacted]';

/** A text without its secrets. */
export type TextRedactor = (text: string) => string;

/** Shorter values are no secrets, and blotting them out would make the log unreadable. */
const secretLengthMin = 4;
/** Characters of one text that are kept. */
export const textLengthMax = 8_192;

const secretName = /key|secret|token|password|passwd|passphrase|authorization|cookie|credential|signature/i;

/** True of a field's name whose value is never shown. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/**
 * A name that holds such a word, up to its value: `=` or `:`, with the quotes of JSON, also of JSON inside of JSON. Every repetition is
 * bounded, since a text from outside must not make the search take longer than its length allows.
 */
const named = '(?:key|secret|token|password|passwd|passphrase|authorization|cookie|credential|signature)[\\w.%-]{0,64}';
const toValue = '\\\\?["\']?\\s{0,8}[:=]\\s{0,8}';

/** Shapes in which secrets stand in texts, each with what is put in its place. */
const shapes: readonly (readonly [RegExp, string])[] = [
  // Who a request is from: of a URL, the part before the host.
  [/:\/\/[^\s/?#"'<>]*@/g, `://${redacted}@`],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{4,}/gi, `$1 ${redacted}`],
  // A header whose whole line is secret, as in a dump of a request.
  [/(authorization|cookie)(["']?\s{0,8}[:=]\s{0,8})(?!\[redacted\])[^\r\n"']+/gi, `$1$2${redacted}`],
  [new RegExp(`(${named}${toValue})"(?:[^"\\\\]|\\\\.)*"?`, 'gi'), `$1"${redacted}"`],
  [new RegExp(`(${named}${toValue}\\\\?["']?)(?!\\[redacted\\])[^\\s&"'\\\\;,<>{}\\[\\]]+`, 'gi'), `$1${redacted}`],
];

/**
 * Blots out known secrets, in the forms in which they travel, and whatever has the shape of one: credentials of requests, passwords in
 * URLs, signed query strings. A text that is too long is cut, never in the middle of a secret.
 */
export function createTextRedactor(secrets: readonly string[]): TextRedactor {
  const known = [...new Set(secrets.flatMap(formsOf))].sort((left, right) => right.length - left.length);
  const longest = known[0]?.length ?? 0;
  return (text) => {
    if (text.length <= textLengthMax) return withoutShapes(withoutKnown(text, known));
    const head = withoutKnown(text.slice(0, textLengthMax + longest), known);
    // What is left of a secret that the cut went through is shorter than the longest one.
    const whole = head.slice(0, Math.max(0, head.length - longest));
    return `${withoutShapes(whole)}… (${text.length} characters)`;
  };
}

function withoutKnown(text: string, known: readonly string[]): string {
  let left = text;
  for (const secret of known) if (left.includes(secret)) left = left.replaceAll(secret, redacted);
  return left;
}

function withoutShapes(text: string): string {
  if (!secretName.test(text) && !/:\/\/|Bearer|Basic/i.test(text)) return text;
  let left = text;
  for (const [pattern, replacement] of shapes) left = left.replace(pattern, replacement);
  return left;
}

/** A secret as it is, and as URLs, headers and JSON spell it; of an address with a password, the password alone too. */
function formsOf(secret: string): string[] {
  const parts = [secret, secret.trim(), ...passwordsOf(secret)].filter((part) => part.length >= secretLengthMin);
  return parts.flatMap((part) => {
    const bytes = Buffer.from(part, 'utf8');
    return [
      part,
      encodeURIComponent(part.toWellFormed()),
      new URLSearchParams({ v: part }).toString().slice(2),
      JSON.stringify(part).slice(1, -1),
      bytes.toString('base64'),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    ];
  });
}

function passwordsOf(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { username, password } = new URL(text);
  return [password, decoded(password), password === '' ? '' : `${username}:${password}`];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
