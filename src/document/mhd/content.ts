/** What the metadata of a document say of its bytes, held against the bytes (MHD-03, MHD-05). Pure. */
import { createHash } from 'node:crypto';
import { GatewayError } from '../../fhir/error.ts';
import type { Issue } from '../../fhir/issue.ts';
import { keyOf } from '../../fhir/key.ts';
import { isPdf } from '../../fhir/pdf.ts';
import type { Attachment, DocumentReference } from '../../fhir/types.ts';

/** Where the bytes stand, in base64, and its FHIRPath. */
export type Carried = { data: unknown; at: string };

/** Notes what is wrong with an element of the DocumentReference. */
export type Wrong = (element: string, message: string, code?: Issue['code']) => void;

/** Path of the one attachment. */
export const attached = 'content[0].attachment';

/**
 * The bytes of a DocumentReference that stands at `path`; faults go to `issues`. `carried` answers where its attachment has
 * them.
 */
export function contentOf(
  { masterIdentifier, status, content }: Partial<DocumentReference>,
  path: string,
  carried: (attachment: Attachment, wrong: Wrong) => Carried,
  issues: Issue[],
): Buffer | undefined {
  const wrong: Wrong = (element, message, code = 'invariant') =>
    void issues.push(issue(`${path}.${element}`, message, code));
  if (keyOf(masterIdentifier) === undefined)
    wrong('masterIdentifier', 'Le document porte son identifiant unique (system et value).', 'required');
  if (status !== 'current') wrong('status', 'Un document s’envoie avec le statut « current ».');
  if (content?.length !== 1) {
    wrong('content', 'Un document a exactement un contenu.');
    return undefined;
  }
  const { attachment } = content[0]!;
  const { contentType, size, hash } = attachment;
  if (!contentType) wrong(`${attached}.contentType`, 'Le contenu dit son type (contentType).', 'required');
  const { data, at } = carried(attachment, wrong);
  const bytes = decoded(data);
  if (!bytes) {
    issues.push(issue(at, 'Le contenu est vide ou n’est pas du base64.'));
    return undefined;
  }
  if (size !== undefined && size !== bytes.length)
    wrong(`${attached}.size`, 'La taille annoncée n’est pas celle du contenu.');
  if (hash !== undefined && hash !== createHash('sha1').update(bytes).digest('base64'))
    wrong(
      `${attached}.hash`,
      'L’empreinte annoncée (SHA-1, base64) n’est pas celle du contenu : renvoyez-le.',
    );
  if (contentType === 'application/pdf' && !isPdf(bytes))
    issues.push(issue(at, 'Le contenu est annoncé comme PDF et n’en est pas un, ou il est tronqué.'));
  return bytes;
}

/** An error at a FHIRPath. */
export function issue(expression: string, message: string, code: Issue['code'] = 'invariant'): Issue {
  return { severity: 'error', code, message, expression };
}

/** All that is wrong with what was sent. */
export function refused(issues: Issue[]): GatewayError {
  const message = issues[0]?.message ?? 'Cet envoi ne peut être lu.';
  return new GatewayError({ category: 'unprocessable', side: 'sender', message, issues });
}

function decoded(data: unknown): Buffer | undefined {
  if (typeof data !== 'string' || data === '') return undefined;
  const plain = data.replace(/\s+/g, '');
  const bytes = Buffer.from(plain, 'base64');
  return bytes.toString('base64') === plain ? bytes : undefined;
}
