import { isGatewayError } from '../fhir/error.ts';
import type { ClinicalGap } from '../operations.ts';
import type { FhirServer } from '../server/types.ts';
import type { OpenItem } from '../store/outbox.ts';
import type { Repositories } from '../store/store.ts';

type Reason = { message?: string; until?: string } | null;

/**
 * Accepted items that have no receipt yet, each with why and until when; and open referrals that nothing was ever
 * sent for. Empty when every promise is kept. `servers`: those configured now.
 */
export async function clinicalGaps(
  store: Pick<Repositories, 'outbox' | 'receipts'>,
  tenant: string,
  servers: ReadonlyMap<string, FhirServer>,
): Promise<ClinicalGap[]> {
  const open = await store.outbox.open(tenant, { lane: 'clinical' });
  const forgotten = await store.receipts.referralsWithoutItem(tenant);
  return [
    // Whoever is notified is no server: such ids have a slash, which no configured one has.
    ...open.map((item) => gapOf(item, servers.has(item.serverId) || item.serverId.includes('/'))),
    ...forgotten.map(({ id, fulfillerServer, acceptedAt }) => ({
      ...{
        referral: id,
        server: fulfillerServer ?? '',
        kind: fulfillerServer === null ? 'unrouted' : 'unsent',
      },
      since: acceptedAt.toISOString(),
      reason:
        fulfillerServer === null
          ? 'Attend qu’une personne choisisse un destinataire : « referral assign ».'
          : 'Accepté, mais aucun envoi n’a été préparé.',
    })),
  ];
}

function gapOf(item: OpenItem, configured: boolean): ClinicalGap {
  const reason = item.reason as Reason;
  const until = item.state === 'parked' ? undefined : (reason?.until ?? item.deadline.toISOString());
  return {
    ...{ referral: item.referralId ?? item.subject, server: item.serverId, kind: item.kind },
    ...{
      since: item.createdAt.toISOString(),
      reason: wording(item, reason, configured),
      ...(until ? { until } : {}),
    },
  };
}

function wording({ state, behind }: OpenItem, reason: Reason, configured: boolean): string {
  if (!configured) return 'Ce serveur n’est plus dans la configuration : rien ne peut lui être remis.';
  if (reason?.message) return reason.message;
  if (behind !== null) return `Attend l’envoi n° ${behind}, mis de côté.`;
  return state === 'sending' ? 'Envoi en cours.' : 'En file d’attente.';
}

/** How far back receipts are read again, how many at most, and how many at once. */
const daysBack = 30;
const mostReceipts = 10_000;
const pageSize = 64;

/**
 * Receipts whose resource is no longer at the server, and the servers that could not be asked, by id, with the reason.
 */
export async function lostReceipts(
  store: Pick<Repositories, 'receipts'>,
  servers: ReadonlyMap<string, FhirServer>,
  tenant: string,
  now: Date,
): Promise<{ gaps: ClinicalGap[]; unasked: Map<string, string> }> {
  const since = new Date(now.getTime() - daysBack * 24 * 60 * 60_000);
  const receipts = await store.receipts.clinical(tenant, since, mostReceipts);
  const gaps: ClinicalGap[] = [];
  const unasked = new Map<string, string>();
  for (const [id, server] of servers) {
    const there = new Map(
      receipts.filter((one) => one.serverId === id).map((one) => [`${one.type}/${one.localId}`, one]),
    );
    try {
      for (const asked of inPages([...there.values()])) {
        const results = await server.readMany(asked.map(({ type, localId }) => ({ type, id: localId })));
        for (const [index, result] of results.entries()) {
          const { referralId, kind, type, receivedAt } = asked[index]!;
          if (result.state === 'found') continue;
          const reason = `Remis et accusé, mais le serveur n’a plus la ressource ${type}.`;
          gaps.push({ referral: referralId, server: id, kind, since: receivedAt.toISOString(), reason });
        }
      }
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      unasked.set(id, error.message);
    }
  }
  return { gaps, unasked };
}

/** Read at once, so that a night's reading stays small in memory; a document comes with its bytes, so alone. */
function* inPages<T extends { type: string }>(receipts: readonly T[]): Generator<T[]> {
  const others = receipts.filter(({ type }) => type !== 'Binary');
  for (let at = 0; at < others.length; at += pageSize) yield others.slice(at, at + pageSize);
  for (const one of receipts) if (one.type === 'Binary') yield [one];
}
