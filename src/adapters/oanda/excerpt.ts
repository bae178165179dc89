export const excerptLengthMax = 500;

/** A short piece of something the venue said, with the secrets taken out, also where they were written for an address. */
export function excerptOf(value: unknown, secrets: readonly string[]): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return withoutSecrets(text, secrets).slice(0, excerptLengthMax);
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let cleaned = text;
  for (const secret of secrets) {
    if (secret === '') continue;
    for (const form of [secret, encodeURIComponent(secret)]) cleaned = cleaned.replaceAll(form, '[secret]');
  }
  return cleaned;
}
