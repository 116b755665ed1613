/** Documents as the command line and the admin endpoint see them. */
import { parse } from 'yaml';
import { composeDocument } from '../document/compose.ts';
import { verifyDelivery } from '../document/verify.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Operations } from '../operations.ts';
import { contextOf, notFound } from './referral-operations.ts';
import type { Parts } from './parts.ts';

/** The operations on documents. */
export function documentOperations(parts: Parts): Pick<Operations, 'documentShow' | 'documentSend'> {
  const { config, store, servers, exchanges, delivery } = parts;
  const { tenant } = config;
  return {
    async documentShow({ id }) {
      const document = await store.documents.get(tenant, id);
      if (!document) throw notFound('Aucun document de cet identifiant.');
      const receipts = await store.receipts.ofReferral(tenant, document.referralId);
      const ours = receipts.filter(({ type, key }) => type === 'Binary' && key.endsWith(document.id));
      const deliveries = await Promise.all(
        ours.map(async ({ serverId, localId, receivedAt }) => {
          const server = servers.get(serverId);
          const verified =
            server && (await verifyDelivery(server, { localId }, document).catch(() => undefined));
          return { server: serverId, binary: localId, at: receivedAt, sameBytes: verified?.same ?? null };
        }),
      );
      return { ...document, deliveries };
    },

    async documentSend({ document, client }) {
      const { text, file } = document as { text: string; file: string };
      const bytes = file.endsWith('.json') ? Buffer.from(text, 'utf8') : composed(text, parts);
      const resource = { resourceType: 'Bundle' };
      const answer = await exchanges.handlers.receiveDocument(contextOf(config, client), {
        resource,
        raw: bytes,
      });
      delivery.wake();
      return answer.resource;
    },
  };
}

function composed(text: string, { exchanges }: Parts): Buffer {
  const { bytes, issues } = composeDocument(contentOf(text), exchanges.documents.rules);
  if (bytes) return bytes;
  throw new GatewayError({
    category: 'invalid',
    side: 'sender',
    message: 'Le contenu du document a des fautes.',
    issues,
  });
}

function contentOf(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new GatewayError({
      category: 'invalid',
      side: 'sender',
      message: 'Le contenu du document n’est pas du YAML lisible.',
      cause,
    });
  }
}
