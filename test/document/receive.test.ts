/** A final document at the gate: who may send it, for whom it is, and under which consent. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { receiveDocument } from '../../src/document/receive.ts';
import { verifyDelivery } from '../../src/document/verify.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { startStory, type Story, synthesis, tenant } from '../referral/story.ts';
import { readyForDocument } from './ready.ts';

const documentSystem = 'https://coreso.example/documents';
let story: Story;
let referral: Referral;

beforeAll(async () => {
  story = await startStory();
  referral = await readyForDocument(story);
});
afterAll(async () => {
  await story.close();
});

const named = (value: string) => ({ identifiant: { system: documentSystem, value } });
const send = (change: object, sender = story.coreso) =>
  receiveDocument(story.documents, sender, synthesis(story.documents, change));

type Attachment = { contentType: string; url: string; size: number };
const attachmentOf = (reference: AnyResource): Attachment =>
  (reference['content'] as [{ attachment: Attachment }])[0].attachment;
const contentTypeOf = (reference: AnyResource): string => attachmentOf(reference).contentType;
const identifierOf = (reference: AnyResource): object => (reference['identifier'] as [object])[0];
const isSynthesis = ({ masterIdentifier }: AnyResource): boolean =>
  (masterIdentifier as { value?: string } | undefined)?.value === 'SYNTHESE-2026-0001';
const relationOf = ({ relatesTo }: AnyResource): string | undefined =>
  (relatesTo as { code: string }[] | undefined)?.[0]?.code;

/** Replaces the patient's consent as stored. */
async function setConsent(change: (consent: AnyResource) => void): Promise<void> {
  const { store } = story.context;
  const { resources } = await store.clinical.search(tenant, { type: 'Consent', patient: referral.patientId });
  const consent = structuredClone(resources[0]!);
  change(consent);
  await store.transaction((tx) => tx.clinical.put(tenant, consent, new Date()));
}

describe('a final document is refused', () => {
  it.each<[string, object, object]>([
    [
      'for another patient',
      {
        patient: {
          identifiants: [{ system: 'https://ch-le-vinatier.example/ipp', value: '9' }],
          nom: 'X',
          prenom: 'Y',
          sexe: 'inconnu',
          naissance: '1980',
        },
      },
      { category: 'unprocessable' },
    ],
    [
      'for an unknown order',
      { demande: { system: 'https://ailleurs.example', value: '1' } },
      { category: 'not-found' },
    ],
    [
      'when it carries an INS without its status (identity.md)',
      {
        patient: {
          identifiants: [
            { system: 'https://ch-le-vinatier.example/ipp', value: '800012345' },
            { system: 'urn:oid:1.2.250.1.213.1.4.10', value: '174129910000157' },
          ],
          nom: 'ESSAI-CORESO',
          prenom: 'Paul',
          sexe: 'masculin',
          naissance: '1974-12-03',
        },
      },
      { category: 'unprocessable' },
    ],
  ])('%s', async (_case, change, expected) => {
    await expect(send({ ...named(`REFUS-${_case}`), ...change })).rejects.toMatchObject(expected);
  });

  it('to anybody but the fulfiller of the referral', async () => {
    await expect(send(named('R1'), story.psychiatrist)).rejects.toMatchObject({ category: 'forbidden' });
    await expect(send(named('R2'), { ...story.coreso, server: 'vinatier' })).rejects.toMatchObject({
      category: 'not-found',
    });
    await expect(send(named('R3'), { ...story.coreso, tenant: 'autre' })).rejects.toMatchObject({
      category: 'not-found',
    });
  });

  it('when the consent does not cover one of its recipients, naming the recipient', async () => {
    let before: unknown;
    await setConsent((consent) => {
      const provision = consent['provision'] as { actor: unknown[] };
      before = provision.actor;
      provision.actor = provision.actor.slice(0, 2); // without the town GP
    });
    await expect(send(named('SANS-ACCORD'))).rejects.toThrow('Dr ESSAI-VILLE');
    await setConsent((consent) => void ((consent['provision'] as { actor: unknown }).actor = before));
  });

  it('when the patient only did not oppose, for whom is outside the establishment (CSP L.1110-12)', async () => {
    let before: unknown;
    await setConsent((consent) => {
      before = consent['category'];
      const system = 'https://passerelle.example/fhir/CodeSystem/consent-category';
      consent['category'] = [{ coding: [{ system, code: 'non-opposition' }] }];
    });
    // the requester, of the hospital that gives the care, comes first and is not refused
    await expect(send(named('NON-OPPOSITION'))).rejects.toThrow(/^Dr ESSAI-VILLE n’est pas de l’équipe/);
    await setConsent((consent) => void (consent['category'] = before));
  });

  it('when the patient has withdrawn the consent since the referral', async () => {
    await setConsent((consent) => void (consent['status'] = 'inactive'));
    await expect(send(named('RETIRE'))).rejects.toThrow('n’est pas actif');
    await setConsent((consent) => void (consent['status'] = 'active'));
  });

  it('and nothing of it is kept', async () => {
    const documents = await story.context.store.documents.ofReferral(tenant, referral.id);
    expect(documents.filter(({ status }) => status !== 'letter')).toEqual([]);
    expect(await story.context.store.documents.undelivered(tenant, referral.id, 'deliver-document')).toBe(0);
  });
});

describe('a final document that was accepted', () => {
  it('posted many times at once is kept once and sent once a server', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => send({})));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map(({ documentId }) => documentId)).size).toBe(1);
    expect(await story.context.store.documents.undelivered(tenant, referral.id, 'deliver-document')).toBe(2);
  });

  it('does not change: other bytes under its identifier are a duplicate (DOC-03)', async () => {
    await expect(send({ titre: 'Autre titre' })).rejects.toMatchObject({ category: 'duplicate' });
  });

  it('arrives with its PDF, which says of which document it is', async () => {
    await story.deliver();
    for (const server of [story.servers.vinatier, story.servers.ville]) {
      const references = await story.find(server, 'DocumentReference');
      const printed = references.filter((one) => contentTypeOf(one) === 'application/pdf');
      const source = references.find(
        (one) => contentTypeOf(one) === 'application/fhir+json' && isSynthesis(one),
      );
      expect(printed).toMatchObject([
        { relatesTo: [{ code: 'transforms', target: { identifier: identifierOf(source!) } }] },
      ]);
      const { url, size } = attachmentOf(printed[0]!);
      const { bytes } = await server.binary(url.replace('Binary/', ''));
      expect(bytes.subarray(0, 8).toString('latin1')).toBe('%PDF-1.7');
      expect(bytes.length).toBe(size);
    }
  });

  it('is followed only by one that names the document it replaces or completes', async () => {
    await expect(send(named('DEUXIEME'))).rejects.toThrow('relatesTo');
    const remplace = { system: documentSystem, value: 'INCONNU' };
    await expect(send({ ...named('TROISIEME'), remplace })).rejects.toMatchObject({
      category: 'unprocessable',
      issues: [{ code: 'not-found', expression: 'Bundle.entry[0].resource.relatesTo' }],
    });
  });

  it('is completed by an addendum, and stays current', async () => {
    const complete = { system: documentSystem, value: 'SYNTHESE-2026-0001' };
    expect((await send({ ...named('COMPLEMENT'), complete })).status).toBe(201);
    await story.deliver();
    const references = await story.find(story.servers.vinatier, 'DocumentReference');
    expect(references.map(({ status }) => status)).not.toContain('superseded');
    expect(references.filter((one) => relationOf(one) === 'appends')).toHaveLength(1);
  });

  it('that a correction replaces is superseded, with its PDF, here and at every server it went to (MHD-06)', async () => {
    const remplace = { system: documentSystem, value: 'SYNTHESE-2026-0001' };
    const { status, resource } = await send({ ...named('CORRECTIF'), remplace });
    expect(status).toBe(201);
    expect(resource.resourceType).toBe('DocumentReference');
    await story.deliver();
    for (const server of [story.servers.vinatier, story.servers.ville]) {
      const references = await story.find(server, 'DocumentReference');
      const old = references.filter((one) => one['status'] === 'superseded');
      expect(old.map(contentTypeOf).sort()).toEqual(['application/fhir+json', 'application/pdf']);
      expect(references.filter((one) => relationOf(one) === 'replaces')).toHaveLength(1);
    }
    const { resources } = await story.context.store.clinical.search(tenant, {
      ...{ type: 'DocumentReference', status: 'superseded' },
    });
    expect(resources).toHaveLength(2);
  });

  it('cannot be replaced a second time: the newest is named', async () => {
    const remplace = { system: documentSystem, value: 'SYNTHESE-2026-0001' };
    await expect(send({ ...named('ENCORE'), remplace })).rejects.toMatchObject({
      issues: [{ code: 'conflict', message: expect.stringContaining('le plus récent') }],
    });
  });

  it('is told from bytes that somebody changed at a server', async () => {
    const receipts = await story.context.store.receipts.ofReferral(tenant, referral.id);
    const documents = await story.context.store.documents.ofReferral(tenant, referral.id);
    const document = documents.find(({ key }) => key.endsWith('SYNTHESE-2026-0001'))!;
    const receipt = receipts.find(
      ({ type, serverId, key }) => type === 'Binary' && serverId === 'vinatier' && key.endsWith(document.id),
    )!;
    expect(await verifyDelivery(story.servers.vinatier, receipt, document)).toMatchObject({ same: true });
    await story.servers.vinatier.update({
      ...{ resourceType: 'Binary', id: receipt.localId, contentType: 'application/fhir+json' },
      data: Buffer.from('{}').toString('base64'),
    });
    expect(await verifyDelivery(story.servers.vinatier, receipt, document)).toMatchObject({
      same: false,
      size: 2,
    });
  });
});
