/** ITI-105, Simplified Publish: one DocumentReference that carries its document in `attachment.data`. */
import type { Issue } from '../../fhir/issue.ts';
import type { AnyResource, DocumentReference } from '../../fhir/types.ts';
import type { DocumentContext, DocumentSender, Received } from '../receive.ts';
import { attached, contentOf, refused } from './content.ts';
import { receiveReferenced } from './receive-referenced.ts';

/** Throws as `receiveDocument` does, and `unprocessable` with every fault of the metadata. */
export async function receiveSimplified(
  context: DocumentContext,
  sender: DocumentSender,
  resource: AnyResource,
): Promise<Received> {
  const reference = resource as unknown as DocumentReference;
  const at = 'DocumentReference';
  const issues: Issue[] = [];
  const bytes = contentOf(
    reference,
    at,
    ({ url, data }, wrong) => {
      if (url !== undefined)
        wrong(`${attached}.url`, 'Le contenu est dans « data » : il n’a pas d’adresse.', 'not-supported');
      return { data, at: `${at}.${attached}.data` };
    },
    issues,
  );
  if (issues.length > 0 || !bytes) throw refused(issues);
  const { contentType } = reference.content[0]!.attachment;
  return receiveReferenced(context, sender, {
    ...{ reference, at, bytes, contentType: contentType!, patient: undefined },
    content: withoutData(resource, reference),
  });
}

/** What rules look at for mentions of patients; the document itself is bytes. */
function withoutData(resource: AnyResource, { content }: DocumentReference): AnyResource {
  const bare = content.map(({ attachment: { data: _data, ...attachment }, ...rest }) => ({
    ...rest,
    attachment,
  }));
  return { ...resource, content: bare };
}
