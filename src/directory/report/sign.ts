/** Signs a report: EdDSA over its canonical JSON (RFC 8785), as a detached JWS (RFC 7515, appendix F). */
import canonicalize from 'canonicalize';
import { CompactSign, importJWK } from 'jose';
import { publicHalf, type SigningKey } from './key.ts';
import type { SignedReport, SyncReport } from './types.ts';

/** `typ` of the protected header: a signature of something else never passes for one of a report. */
export const reportType = 'passerelle-sync-report';
export const signatureAlgorithm = 'EdDSA';

/** The bytes that are signed. */
export function signedBytes(report: SyncReport): Uint8Array {
  return new TextEncoder().encode(canonicalize(report));
}

/** The report with its signature beside it. */
export async function signReport(report: SyncReport, key: SigningKey): Promise<SignedReport> {
  const half = await publicHalf(key);
  const header = { alg: signatureAlgorithm, typ: reportType, kid: half.thumbprint };
  const jws = await new CompactSign(signedBytes(report))
    .setProtectedHeader(header)
    .sign(await importJWK(key, signatureAlgorithm));
  const [protectedHeader, , signature] = jws.split('.') as [string, string, string];
  return { ...report, signature: { ...half, jws: `${protectedHeader}..${signature}` } };
}

/** The text of a report's file: one form only, so that a file in any other form was touched. */
export function reportText(report: SignedReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
