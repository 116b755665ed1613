/** Verifies a report's file: form, chain of pages, signature. Every fault is told in French; nothing of it is trusted before. */
import { type AnySchema, Ajv2020 } from 'ajv/dist/2020.js';
import { compactVerify, importJWK } from 'jose';
import schema from '../../../schemas/sync-report.schema.json' with { type: 'json' };
import { checkContent } from './check-content.ts';
import { publicHalf } from './key.ts';
import { reportText, reportType, signatureAlgorithm, signedBytes } from './sign.ts';
import type { SignedReport } from './types.ts';

/** Longest report that is read, in bytes: some 400,000 pages. */
export const maxReportBytes = 64 * 1024 * 1024;

/** `faults` empty: the report is what the holder of the key `thumbprint` wrote. */
export type Verification = {
  faults: string[];
  thumbprint?: string;
  /** Whether the key was one that the caller named, and not only the one inside the report. */
  pinned: boolean;
  report?: SignedReport;
};

/** Verifies the text of a report; `expected` is the thumbprint of the key that must have signed it. */
export async function verifyReport(text: string, expected?: string): Promise<Verification> {
  const pinned = expected !== undefined;
  const read = readReport(text);
  if ('faults' in read) return { faults: read.faults, pinned };
  const { report } = read;
  const { signature, ...content } = report;
  const faults = [
    ...(reportText(report).trim() === text.trim() || JSON.stringify(report) === text.trim()
      ? []
      : ['Le fichier n’a pas la forme que la passerelle écrit : un nom y est répété, ou il a été réécrit.']),
    ...checkContent(content),
    ...(await signatureFaults(report, expected)),
  ];
  return { faults, thumbprint: signature.thumbprint, pinned, report };
}

function readReport(text: string): { report: SignedReport } | { faults: string[] } {
  if (Buffer.byteLength(text) > maxReportBytes)
    return { faults: [`Plus de ${maxReportBytes / 1024 / 1024} Mio : ce n’est pas un rapport.`] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { faults: ['Ce n’est pas un JSON complet : le fichier est coupé ou abîmé.'] };
  }
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  if (ajv.validate(schema as AnySchema, value)) return { report: value as SignedReport };
  const places = (ajv.errors ?? []).map(({ instancePath }) => instancePath || '/');
  return { faults: [`Ce n’est pas un rapport de synchronisation : ${places[0]} n’a pas la forme attendue.`] };
}

async function signatureFaults(report: SignedReport, expected: string | undefined): Promise<string[]> {
  const { signature, ...content } = report;
  const { thumbprint } = await publicHalf(signature.key);
  const faults: string[] = [];
  if (signature.thumbprint !== thumbprint) faults.push('L’empreinte n’est pas celle de la clé jointe.');
  if (expected !== undefined && expected !== thumbprint)
    faults.push(`Signé par une autre clé que celle attendue (${expected}).`);
  const [header, , bytes] = signature.jws.split('.') as [string, string, string];
  const payload = Buffer.from(signedBytes(content)).toString('base64url');
  try {
    const { protectedHeader } = await compactVerify(
      `${header}.${payload}.${bytes}`,
      await importJWK(signature.key, signatureAlgorithm),
      { algorithms: [signatureAlgorithm] },
    );
    if (protectedHeader.typ !== reportType || protectedHeader.kid !== thumbprint)
      faults.push('La signature est celle d’autre chose qu’un rapport, ou nomme une autre clé.');
  } catch {
    faults.push('La signature ne correspond pas au contenu : le rapport a changé depuis qu’il fut signé.');
  }
  return faults;
}
