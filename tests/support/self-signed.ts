import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const program = 'openssl';

/**
 * False where the program that makes certificates is installed, else why tests that need it are left out. Where
 * TRADEWIND_REQUIRE_SERVICES is set nothing is left out: making one fails.
 */
export const missingCertificates: string | false = whyMissing();

function whyMissing(): string | false {
  const isRequired = ['1', 'true'].includes(process.env['TRADEWIND_REQUIRE_SERVICES'] ?? '');
  if (isRequired || spawnSync(program, ['version']).status === 0) return false;
  return `'${program}' is not installed, so no certificate is refused; set TRADEWIND_REQUIRE_SERVICES=1 to fail instead`;
}

/** A certificate for an address of this machine that nobody has signed but itself. */
export function selfSigned(address: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const wanted = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const named = ['-subj', '/CN=tradewind.test', '-addext', `subjectAltName=IP:${address}`];
  try {
    const made = spawnSync(program, ['req', ...wanted, ...named, '-keyout', key, '-out', cert], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`no certificate was made: ${made.error?.message ?? made.stderr}`);
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
