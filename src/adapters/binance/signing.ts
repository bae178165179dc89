import { createHmac, createPrivateKey, sign } from 'node:crypto';

/** What a request asks with, in the order in which it is written. Absent values are left out. */
export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes the signature of a text, ready to stand in a query. */
export type Signer = (payload: string) => string;

/**
 * Signs as the kind of the secret asks: HMAC-SHA256 in hexadecimal, or Ed25519 in base64 where the secret is a private key in PEM.
 * https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info
 */
export function signerOf(secret: string): Signer {
  if (!secret.includes('-----BEGIN')) {
    return (payload) => createHmac('sha256', secret).update(payload, 'utf8').digest('hex');
  }
  const key = createPrivateKey(secret);
  return (payload) => encodeURIComponent(sign(null, Buffer.from(payload, 'utf8'), key).toString('base64'));
}

/** Query and body are signed as one text without anything between them; the signature stands last. */
export function signedQuery(query: string, body: string, signer: Signer): string {
  const signature = signer(query + body);
  return query === '' ? `signature=${signature}` : `${query}&signature=${signature}`;
}

/** The text of a query. What is not plain ASCII is encoded before anything is signed, since the venue signs what it receives. */
export function queryText(parameters: Parameters): string {
  return Object.entries(parameters)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`]))
    .join('&');
}
