/** Accepting a referral: checked, permitted, stored with its ledger and its relay in one transaction, then answered. */
import { withIdentifiedActors } from '../consent/actors.ts';
import { decide } from '../consent/decide.ts';
import type { ConsentRecipient } from '../consent/types.ts';
import { hasErrors } from '../fhir/issue.ts';
import type { AnyResource, CodeableConcept, Consent, Json, Patient, Reference } from '../fhir/types.ts';
import type { Intake } from '../store/intake.ts';
import type { Repositories } from '../store/store.ts';
import { transactionResponse } from './answer.ts';
import { contentIssues, recognise } from './check.ts';
import { referralHash } from './content-hash.ts';
import type { Caller, ReferralContext } from './context.ts';
import { type Destination, namedDestinations, protocolOf } from './destination.ts';
import { type Parts, partsOf, thePart, valuesOf } from './parts.ts';
import { recordReferral } from './record.ts';
import { keysBehind, keysNamed } from './references.ts';
import { duplicate, notAllowed, refusal, refused } from './refuse.ts';
import { homeServer } from './route.ts';
import { routeOrder, type Routed } from './routing/route-order.ts';
import { storedParts } from './stored.ts';

export type Accepted = { status: number; response: AnyResource };

/**
 * Handles a referral transaction. Answers once it is committed; the same order posted again gets the stored answer
 * and has no further effect. Throws a GatewayError: `invalid`, `unprocessable` (with issues), `forbidden`,
 * `duplicate` (same order identifier, other content). `within` is done in the transaction that accepts, and not when it was
 * accepted before; what it throws is thrown.
 */
export async function acceptReferral(
  context: ReferralContext,
  caller: Caller,
  bundle: AnyResource,
  within?: (tx: Repositories) => Promise<void>,
): Promise<Accepted> {
  const { store, rules, servers } = context;
  const { tenant, client } = caller;
  if (!caller.roles.includes('placer'))
    throw notAllowed('Ce client n’est pas autorisé à adresser des patients.');

  const { parts, orderKey } = recognise(bundle, rules.referral);
  const hash = referralHash(parts);
  const { earlier, revision } = await store.intake.find(tenant, client, orderKey);
  if (earlier) return answered(earlier, hash);

  const now = new Date(context.clock.now());
  const issues = contentIssues(parts, rules, context.validate, now);
  if (hasErrors(issues)) throw refused(issues);
  const where = { tenant, servers, protocols: context.protocolsAt(tenant, revision) };
  const order = thePart(parts, 'ServiceRequest');
  const protocol = await protocolOf(order, where);
  const named = await namedDestinations(order, protocol, where);
  const routed: Routed | undefined = named.length
    ? undefined
    : await routeOrder(context, where, {
        ...{ order: order.resource, protocol },
        patient: thePart(parts, 'Patient').resource as unknown as Patient,
      });
  const placerServer = homeOfRequester(parts, caller, servers);
  const found = named.length ? named : routed?.destination ? [routed.destination] : [];
  const destinations = found.map((destination) => ({
    destination,
    recipient: recipientOf(destination, parts),
  }));
  for (const { recipient } of destinations) await askConsent(context, parts, recipient, now);

  const declared = declaredKeys(parts);
  const standing = await context.closedOf(declared);
  const stored = storedParts(parts, context.ids, rules.identity, now);
  const response = transactionResponse(stored, now);
  const intake = { hash, status: 200, response: response as unknown as Json };
  try {
    await store.transaction(async (tx) => {
      await tx.intake.record(tenant, client, orderKey, intake, now);
      await within?.(tx);
      await recordReferral(tx, context, caller, {
        ...{ parts, stored, destinations, placerServer, orderKey, hash, now },
        networkId: found[0]?.protocol.networkId ?? protocol?.networkId ?? '',
        ...(routed ? { routing: routed.told } : {}),
        standing,
      });
    });
    return { status: intake.status, response };
  } catch (error) {
    // Posted twice at once: the other one came first.
    if (!store.intake.isTaken(error)) throw error;
    const other = (await store.intake.find(tenant, client, orderKey)).earlier;
    if (!other) throw error;
    return answered(other, hash);
  }
}

/** The outcome goes back to the requester: without a server for it the referral could be accepted, but never end. */
function homeOfRequester(parts: Parts, { server }: Caller, servers: ReferralContext['servers']): string {
  const requester = thePart(parts, 'ServiceRequest').resource['requester'] as Reference | undefined;
  const home = server ?? homeServer(servers, keysBehind(requester, parts))?.id;
  if (home !== undefined) return home;
  throw refusal(
    'Aucun serveur configuré ne tient les dossiers du demandeur : son compte rendu ne pourrait pas lui revenir. ' +
      'Demandez à l’exploitant de la passerelle de rattacher ce client à son serveur.',
    'Bundle.entry.resource.ofType(ServiceRequest).requester',
  );
}

function answered(earlier: Intake, hash: string): Accepted {
  if (earlier.hash !== hash)
    throw duplicate('Cet identifiant de demande a déjà servi pour un autre contenu : donnez-en un nouveau.');
  return { status: earlier.status, response: earlier.response as unknown as AnyResource };
}

async function askConsent(
  { rules }: ReferralContext,
  parts: Parts,
  recipient: ConsentRecipient,
  now: Date,
): Promise<void> {
  const consents = partsOf(parts, 'Consent').map(({ resource }) =>
    withIdentifiedActors(resource as unknown as Consent, (actor, type) =>
      type === 'deny' ? keysBehind(actor, parts) : keysNamed(actor, parts),
    ),
  );
  const letters = partsOf(parts, 'DocumentReference').flatMap(({ resource }) => valuesOf(resource, 'type'));
  const decision = decide({
    consents: await Promise.all(consents),
    patient: thePart(parts, 'Patient').fullUrl,
    content: (letters as CodeableConcept[]).flatMap(({ coding }) => coding ?? []),
    ...{ recipient, rules: rules.consent, now },
  });
  if (!decision.permit)
    throw refusal(
      `${decision.reason} ${decision.obtain}`,
      'Bundle.entry.resource.ofType(Consent)',
      'forbidden',
    );
}

/** Whom the patient declared as médecin traitant. */
function declaredKeys(parts: Parts): string[] {
  const declared = valuesOf(thePart(parts, 'Patient').resource, 'generalPractitioner') as Reference[];
  return declared.flatMap((one) => keysNamed(one, parts));
}

/** Whoever works in the requester's establishment is of its care team. */
function recipientOf({ keys, name }: Destination, parts: Parts): ConsentRecipient {
  const requester = thePart(parts, 'ServiceRequest').resource['requester'] as Reference | undefined;
  const own = keysBehind(requester, parts);
  return { name, keys, careTeam: keys.some((key) => own.includes(key)) };
}
