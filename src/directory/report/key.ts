/** The gateway's own Ed25519 key: made once, kept among the settings, public half shown by `sync key`. */
import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { SettingsRepository } from '../../store/settings.ts';
import type { ReportSignature } from './types.ts';

const settingName = 'sync-report-key';

/** A private key as JWK (RFC 8037). */
export type SigningKey = ReportSignature['key'] & { d: string };

/** The key of this deployment; the first that asks makes it. */
export async function signingKey(settings: Pick<SettingsRepository, 'getOrCreate'>): Promise<SigningKey> {
  return settings.getOrCreate(settingName, () => {
    const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    return { kty: 'OKP', crv: 'Ed25519', x: x!, d: d! } satisfies SigningKey;
  });
}

/** What may be shown of a key, and the thumbprint that names it. */
export async function publicHalf({
  kty,
  crv,
  x,
}: ReportSignature['key']): Promise<Pick<ReportSignature, 'key' | 'thumbprint'>> {
  const key = { kty, crv, x };
  return { key, thumbprint: await calculateJwkThumbprint(key, 'sha256') };
}
