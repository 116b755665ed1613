/** Documents as the command line and the admin endpoint see them. */
import { deliverKind } from '../document/delivery.ts';
import { verifyDelivery } from '../document/verify.ts';
import type { Json } from '../fhir/types.ts';
import type { Operations } from '../operations.ts';
import { composed } from './build-document.ts';
import { contextOf, notFound } from './referral-operations.ts';
import type { Parts } from './parts.ts';

/** The operations on documents. */
export function documentOperations(parts: Parts): Pick<Operations, 'documentShow' | 'documentSend'> {
  const { config, store, servers, exchanges, delivery } = parts;
  const { tenant } = config;
  const { reading } = exchanges.handlers;
  const may = async (client: string, id: string): Promise<Json> => {
    const why = await reading.withheld(contextOf(config, client).caller, id);
    return { id: client, reads: why === undefined, ...(why ? { why } : {}) };
  };
  return {
    async documentShow({ id, client }) {
      const document = await store.documents.get(tenant, id);
      if (!document) throw notFound('Aucun document de cet identifiant.');
      const [receipts, events, all] = await Promise.all([
        store.receipts.ofReferral(tenant, document.referralId),
        store.referrals.events(tenant, document.referralId),
        store.documents.ofReferral(tenant, document.referralId),
      ]);
      const ours = receipts.filter(
        ({ type, key, kind, serverId }) =>
          kind === deliverKind &&
          type ===
            (exchanges.pathway.submissionsOf(serverId) === 'simplified' ? 'DocumentReference' : 'Binary') &&
          key.endsWith(document.id),
      );
      const deliveries = await Promise.all(
        ours.map(async ({ serverId, type, localId, receivedAt }) => {
          const server = servers.get(serverId);
          const verified =
            server && (await verifyDelivery(server, { type, localId }, document).catch(() => undefined));
          return { server: serverId, binary: localId, at: receivedAt, sameBytes: verified?.same ?? null };
        }),
      );
      const made = all.filter(({ detail }) => (detail as { of?: string } | null)?.of === document.id);
      return {
        ...{ ...document, deliveries },
        timeline: events.filter(({ detail }) => (detail as { document?: string } | null)?.document === id),
        readers: await reading.readersOf(document),
        ...(client === undefined ? {} : { client: await may(client, id) }),
        made: made.map(({ id: madeId, status, size, sha256 }) => ({ id: madeId, status, size, sha256 })),
      };
    },

    async documentSend({ document, client }) {
      const { text, file } = document as { text: string; file: string };
      const bytes = file.endsWith('.json')
        ? Buffer.from(text, 'utf8')
        : composed(text, file, exchanges.documents.rules);
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
