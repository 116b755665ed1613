/** Who may read which document at `/fhir`: asked for every DocumentReference and every Binary, at the time of asking. */
import type { Clock } from '../../clock.ts';
import type { ClientConfig, ServerConfig } from '../../config.ts';
import type { ConsentRules } from '../../consent/types.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import { keysOf, splitKey } from '../../fhir/key.ts';
import { parseLocalReference } from '../../fhir/references.ts';
import type { AnyResource, CodeableConcept, Coding, DocumentReference, Reference } from '../../fhir/types.ts';
import type { DocumentRecord } from '../../store/documents.ts';
import type { Referral } from '../../store/referrals.ts';
import type { Viewer } from '../../store/served-sources.ts';
import type { Repositories, Store } from '../../store/store.ts';
import { documentKey } from '../document-reference.ts';
import type { Pathway } from '../pathway.ts';
import { type Asked, type Asking, isSensitive, whoOfServer, type Withheld, withheldFrom } from './grounds.ts';
import { framesOfKeys, placesIn, workplaceOf } from './members.ts';

/** Who asks; the tenant is the client's (rule 7). */
export type DocumentReader = {
  client: string;
  tenant: string;
  server: string | undefined;
  actsFor: readonly BusinessKey[];
  roles: readonly ClientConfig['roles'][number][];
};

export type ReadingParts = {
  store: Store;
  pathway: Pick<Pathway, 'consents' | 'parties'>;
  servers: readonly ServerConfig[];
  rules: ConsentRules;
  clock: Clock;
};

/** A reader of the tenant who acts for nobody sees every document that is not sensitive; others see by their grounds. */
export type DocumentReading = ReturnType<typeof createReading>;

export function createReading({ store, pathway, servers, rules, clock }: ReadingParts) {
  return {
    /** Rows of DocumentReference that somebody has any ground to see; `readable` has the last word. */
    async viewer(reader: DocumentReader): Promise<Viewer> {
      if (seesTenant(reader)) return { tenant: reader.tenant };
      const { client, server, keys, frames } = await askingOf(reader);
      const readers = { who: [...keys, whoOfServer(server)], frames };
      return { tenant: reader.tenant, party: { client, server, readers } };
    },

    /** For each DocumentReference of the tenant: may it be shown? */
    async readable(reader: DocumentReader, references: readonly AnyResource[]): Promise<boolean[]> {
      const asking = seesTenant(reader) ? undefined : await askingOf(reader);
      const known = new Map<string, Promise<Case | undefined>>();
      const answers: boolean[] = [];
      for (const reference of references)
        answers.push((await judge(reader.tenant, asking, reference, known)) === undefined);
      return answers;
    },

    /** What keeps somebody from the bytes of a stored document; undefined when nothing does. */
    async withheld(reader: DocumentReader, documentId: string): Promise<Withheld | undefined> {
      return (await judgeBytes(reader, documentId)).why;
    },

    /** May the bytes of a stored document be read? A refusal of what there is stands in the ledger, once. */
    async mayRead(reader: DocumentReader, documentId: string): Promise<boolean> {
      const { why, referral } = await judgeBytes(reader, documentId);
      if (why && referral) await note(reader, referral, documentId, why);
      return why === undefined;
    },

    /** Tells the ledger, once, that somebody asked for a DocumentReference that is not theirs to see. */
    async refused(reader: DocumentReader, id: string): Promise<void> {
      const reference = await store.clinical.get(reader.tenant, 'DocumentReference', id);
      const found = reference && (await caseOf(reader.tenant, reference));
      if (!found) return;
      const asking = seesTenant(reader) ? undefined : await askingOf(reader);
      const why = await judge(reader.tenant, asking, reference, new Map());
      if (why) await note(reader, found.referral, documentIdOf(reference) ?? id, why);
    },

    /** Who is meant by the grounds of one document, for whoever administers: keys and client ids, no patient. */
    async readersOf(record: DocumentRecord): Promise<{ who: string; ground: string }[]> {
      const { tenant, referralId } = record;
      const referral = await store.referrals.get(tenant, referralId);
      if (!referral) return [];
      const of = originalOf(record);
      const { placerClient, placerServer, fulfillerServer } = referral;
      const named = await store.readers.of(tenant, of);
      if (record.status === 'preliminary') return named;
      const frames = await store.readers.framesOf(tenant, referralId);
      return [
        ...named,
        { who: placerServer === null ? placerClient : whoOfServer(placerServer), ground: 'requester' },
        ...(fulfillerServer === null ? [] : [{ who: whoOfServer(fulfillerServer), ground: 'fulfiller' }]),
        ...frames.map((who) => ({ who, ground: 'team' })),
      ];
    },
  };

  async function askingOf({ client, tenant, server, actsFor }: DocumentReader): Promise<Asking> {
    const home = servers.find(({ id }) => id === server)?.homeOf ?? [];
    const keys = [...new Set([...home, ...actsFor])];
    const frames = keys.length ? await framesNow(tenant, keys) : [];
    return { client, server, keys, frames };
  }

  async function framesNow(tenant: string, keys: readonly BusinessKey[]): Promise<BusinessKey[]> {
    const frames = await store.readers.frames(tenant);
    const behind = placesIn(frames);
    const places = behind.length ? await store.readers.frames(tenant, behind) : [];
    const roles = [...frames, ...places].map(({ body }) => body);
    const work = roles.map(workplaceOf).filter((one) => one !== undefined);
    const affiliations = await store.readers.affiliations(tenant, [...new Set(work)]);
    const network = {
      ...{ frames, affiliations },
      places: new Map(places.map(({ key, body }) => [key, body] as const)),
    };
    return framesOfKeys(new Set(keys), network, new Date(clock.now()));
  }

  /** Why a DocumentReference may not be shown. `asking` undefined: whoever sees the tenant. */
  async function judge(
    tenant: string,
    asking: Asking | undefined,
    reference: AnyResource,
    known: Map<string, Promise<Case | undefined>>,
  ): Promise<Withheld | undefined> {
    const types = typesOf(reference);
    if (!asking) return isSensitive(types, rules) ? 'sensitive' : undefined;
    const { reference: subject = '' } = (reference['subject'] ?? {}) as Reference;
    if (!known.has(subject)) known.set(subject, caseOf(tenant, reference));
    const found = await known.get(subject);
    if (!found) return 'no-ground';
    const id = documentIdOf(reference);
    const record = id === undefined ? undefined : await store.documents.get(tenant, id);
    return withheldFrom(asking, await askedOf(found, record, types), rules, now());
  }

  async function judgeBytes(
    reader: DocumentReader,
    documentId: string,
  ): Promise<{ why: Withheld | undefined; referral?: Referral }> {
    const record = await store.documents.get(reader.tenant, documentId);
    const referral = record && (await store.referrals.get(reader.tenant, record.referralId));
    if (!record || !referral) return { why: 'no-ground' };
    const types = await typesOfRecord(store, referral, record);
    if (seesTenant(reader) && record.status === 'preliminary') return { why: 'no-ground', referral };
    if (seesTenant(reader)) return { why: isSensitive(types, rules) ? 'sensitive' : undefined, referral };
    const asked = await askedOf(await theCase(referral), record, types);
    return { why: withheldFrom(await askingOf(reader), asked, rules, now()), referral };
  }

  async function caseOf(tenant: string, { subject }: AnyResource): Promise<Case | undefined> {
    const local = parseLocalReference((subject as Reference | undefined)?.reference ?? '');
    const referral = local && (await store.referrals.byResource(tenant, 'patient_id', local.id));
    return referral && theCase(referral);
  }

  async function theCase(referral: Referral): Promise<Case> {
    const [{ consents, patient }, { requester, fulfiller }, frames] = await Promise.all([
      pathway.consents(store, referral),
      pathway.parties(store, referral),
      store.readers.framesOf(referral.tenant, referral.id),
    ]);
    return {
      ...{ referral, consents, patient, frames },
      placer: { client: referral.placerClient, server: referral.placerServer, keys: requester },
      fulfiller: { server: referral.fulfillerServer, keys: fulfiller },
    };
  }

  async function askedOf(
    { referral, ...found }: Case,
    record: DocumentRecord | undefined,
    types: readonly Coding[],
  ): Promise<Asked> {
    const readers = record ? await store.readers.of(referral.tenant, originalOf(record)) : [];
    return { ...found, readers, types, ...(record ? { status: record.status } : {}) };
  }

  /** One line for one client, document and reason: asking again and again fills nothing. */
  async function note(
    { tenant, client }: DocumentReader,
    { id }: Referral,
    document: string,
    why: Withheld,
  ): Promise<void> {
    await store.transaction(async (tx) => {
      await tx.referrals.lock(tenant, id);
      const told = (await tx.referrals.events(tenant, id)).some(({ kind, actor, detail }) => {
        const { document: of, why: reason } = detail as { document?: string; why?: string };
        return kind === readingRefused && actor === client && of === document && reason === why;
      });
      if (!told)
        await tx.referrals.addEvent(tenant, id, {
          ...{ at: now(), kind: readingRefused, actor: client, detail: { document, why } },
        });
    });
  }

  function now(): Date {
    return new Date(clock.now());
  }
}

/** Event of the ledger: somebody asked for a document that is not theirs to read. */
export const readingRefused = 'reading-refused';

type Case = Omit<Asked, 'readers' | 'types' | 'status'> & { referral: Referral };

/** Its role is to see what the tenant has, and it speaks for nobody in particular. */
function seesTenant({ roles, server, actsFor }: DocumentReader): boolean {
  return roles.includes('reader') && server === undefined && actsFor.length === 0;
}

/** A print or a package is read by whoever reads the document it was made of. */
function originalOf({ id, detail }: DocumentRecord): string {
  return (detail as { of?: string } | null)?.of ?? id;
}

function typesOf(reference: AnyResource): Coding[] {
  return (reference['type'] as CodeableConcept | undefined)?.coding ?? [];
}

/** What the metadata say of the document, or of the one that a print or a package was made of; of a preliminary one, nothing. */
async function typesOfRecord(
  store: Pick<Repositories, 'clinical'>,
  { tenant, patientId }: Referral,
  record: DocumentRecord,
): Promise<Coding[]> {
  const url = `Binary/${originalOf(record)}`;
  const { resources } = await store.clinical.search(tenant, {
    ...{ type: 'DocumentReference', patient: patientId, limit: 1000 },
  });
  const own = resources.filter((one) =>
    (one as unknown as DocumentReference).content.some(({ attachment }) => attachment.url === url),
  );
  return own.flatMap(typesOf);
}

/** Id of the stored document that one of our DocumentReferences tells of. */
function documentIdOf(reference: AnyResource): string | undefined {
  const { system } = splitKey(documentKey(''));
  const own = keysOf(reference).find((key) => splitKey(key).system === system);
  return own && splitKey(own).value;
}
