import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { type CallParameters, signedText } from './call-parameters.ts';
import { missingParameter, type Refusal, refusals } from './refusals.ts';

/** Whose requests the venue takes. The secret of an Ed25519 key is its public half as PEM text. */
export interface VenueKey {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** A signed request as it came, before anything of it is believed. */
export interface SignedCall {
  readonly apiKey: string | undefined;
  readonly query: string;
  readonly body: string;
  readonly parameters: CallParameters;
}

const recvWindowDefault = 5_000;
const recvWindowMax = 60_000;
const aheadMaxMs = 1_000;

/** Why the key of a request is not taken: 401 for one that is missing, strange or revoked. */
export function keyRefusal(apiKey: string | undefined, key: VenueKey, isRevoked: boolean): Refusal | undefined {
  if (apiKey === undefined || !/^[\w-]{1,200}$/.test(apiKey)) return refusals.keyFormat;
  return apiKey === key.apiKey && !isRevoked ? undefined : refusals.keyRevoked;
}

/** Why a signed request is not carried out: its parameters, its time by the venue's clock, or its signature. */
export function signatureRefusal(call: SignedCall, key: VenueKey, serverTime: number): Refusal | undefined {
  const timestamp = call.parameters.get('timestamp') ?? '';
  const signature = call.parameters.get('signature') ?? '';
  if (!/^\d{10,16}$/.test(timestamp)) return missingParameter('timestamp');
  if (signature === '') return missingParameter('signature');
  return timeRefusal(Number(timestamp), call.parameters.get('recvWindow'), serverTime) ?? forgery(call, key, signature);
}

function timeRefusal(timestamp: number, recvWindow: string | undefined, serverTime: number): Refusal | undefined {
  const window = recvWindow === undefined ? recvWindowDefault : Number(recvWindow);
  if (!(window >= 0 && window <= recvWindowMax)) return refusals.recvWindow;
  if (timestamp >= serverTime + aheadMaxMs) return refusals.ahead;
  return serverTime - timestamp <= window ? undefined : refusals.behind;
}

function forgery({ query, body }: SignedCall, key: VenueKey, signature: string): Refusal | undefined {
  const text = signedText(query, body);
  const isRight = key.apiSecret.startsWith('-----BEGIN')
    ? isSignedBy(key.apiSecret, text, signature)
    : isDigestOf(key.apiSecret, text, signature);
  return isRight ? undefined : refusals.signature;
}

function isDigestOf(secret: string, text: string, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(text).digest();
  const found = Buffer.from(signature, 'hex');
  return found.length === expected.length && timingSafeEqual(found, expected);
}

function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  return verify(null, Buffer.from(text), createPublicKey(publicKey), Buffer.from(signature, 'base64'));
}
