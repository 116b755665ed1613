/** What a hospital holds of documents: the very bytes, and one PDF made of them. */
import type { Caller } from '../../../../src/demo/http.ts';
import type { AnyResource, Identifier } from '../../../../src/fhir/types.ts';
import type { Faults } from './judged.ts';

/** The Binary that metadata point to holds the bytes that were sent. */
export async function sameBytes(
  at: Caller,
  document: AnyResource | undefined,
  sent: Buffer,
  faults: Faults,
): Promise<void> {
  if (!document) return;
  const bytes = await bytesOf(at, document);
  if (!bytes.equals(sent))
    faults.wrong.push(`bytes of ${document.resourceType}/${document.id} (${bytes.length} of ${sent.length})`);
}

/** Beside the document stands its print, once, and it is a PDF. */
export async function judgePrint(
  at: Caller,
  document: AnyResource | undefined,
  faults: Faults,
): Promise<void> {
  if (!document) return;
  const [{ value }] = document['identifier'] as [Identifier];
  const { reference } = document['subject'] as { reference: string };
  const subject = /Patient\/[^/?]+/.exec(reference)?.[0] ?? reference;
  const told = await at.all(`DocumentReference?subject=${subject}&_count=200`);
  const prints = told.filter(({ relatesTo = [] }) =>
    (relatesTo as { code: string; target: { identifier?: Identifier } }[]).some(
      ({ code, target }) => code === 'transforms' && target.identifier?.value === value,
    ),
  );
  if (prints.length === 0) faults.lost.push(`the print of ${value}`);
  if (prints.length > 1) faults.duplicated.push(`${prints.length} × the print of ${value}`);
  for (const print of prints)
    if (!(await bytesOf(at, print)).toString('latin1').startsWith('%PDF-'))
      faults.wrong.push(`the print of ${value} is no PDF`);
}

async function bytesOf(at: Caller, document: AnyResource): Promise<Buffer> {
  const [{ attachment }] = document['content'] as [{ attachment: { url: string } }];
  const path = /Binary\/[^/?]+/.exec(attachment.url)?.[0];
  const { resource } = await at.get(path ?? 'Binary/none');
  return Buffer.from((resource['data'] as string | undefined) ?? '', 'base64');
}
