/** What a hospital that takes submissions is told of a document: everything known, nothing made up (MHD-04; PDSm 3.1.1). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { circumstancesOf } from '../../../src/document/circumstances.ts';
import { lacksOf } from '../../../src/document/mhd/comprehensive.ts';
import { receiveSubmission } from '../../../src/document/mhd/receive-submission.ts';
import {
  authorOrgUrl,
  designationTypeUrl,
  intendedRecipientUrl,
  sourceIdUrl,
} from '../../../src/document/mhd/submission-set.ts';
import { provideBundle, submissionOf } from '../../../src/document/mhd/submit.ts';
import { receiveDocument } from '../../../src/document/receive.ts';
import { systems } from '../../../src/fhir/identifiers.ts';
import type { AnyResource, DocumentReference } from '../../../src/fhir/types.ts';
import type { TransactionEntry } from '../../../src/server/types.ts';
import { startStory, type Story, synthesis, tenant } from '../../referral/story.ts';
import { readyForDocument } from '../ready.ts';
import { pdf, submission } from './submit.ts';

const coded = (list: string, code: string) => ({
  coding: [{ system: `https://mos.esante.gouv.fr/NOS/${list}/FHIR/${list.replace('_', '-')}`, code }],
});
const publicHospital = coded('TRE_R02-SecteurActivite', 'SA01');
const finess = { system: systems.finess, value: '990780033' };
const author = { system: systems.rpps, value: '10999900029' };

let story: Story;
const sent: TransactionEntry[] = [];
const told = (type: string): AnyResource[] =>
  sent.filter(({ url }) => url === type).map(({ resource }) => resource);
const references = () => told('DocumentReference') as unknown as DocumentReference[];
beforeAll(async () => {
  story = await startStory(undefined, true);
  await story.context.store.desired.add(tenant, [
    {
      ...{ networkId: 'coreso-le-vinatier', type: 'Organization', key: `${finess.system}|${finess.value}` },
      ...{ class: 'owned', hash: 'h', origin: null },
      body: { resourceType: 'Organization', identifier: [finess], type: [publicHospital] },
    },
  ]);
  await readyForDocument(story);
  const { ville } = story.servers;
  const transaction = ville.transaction.bind(ville);
  ville.transaction = (entries) => {
    if (entries.some(({ url }) => url === 'List')) sent.push(...entries);
    return transaction(entries);
  };
  await receiveDocument(story.documents, story.coreso, synthesis(story.documents));
  await story.deliver();
});
afterAll(() => story.close());

describe('comprehensive metadata (MHD-04, PDSm 3.1.1)', () => {
  it('are what the submission of a document declares, and of its print, when all that they demand is known', () => {
    expect(sent.map(({ bundleProfile }) => bundleProfile)).toEqual(
      sent.map(() => provideBundle.comprehensive),
    );
    expect(references().map(lacksOf)).toEqual([[], []]);
  });

  it('have author and authenticator contained, by identifier and name', () => {
    for (const { contained, ...reference } of references()) {
      expect(contained).toEqual([
        {
          ...{ resourceType: 'Practitioner', id: 'personne-1', identifier: [author] },
          name: [{ family: 'ESSAI-GENERALISTE', given: ['Anne'] }],
        },
      ]);
      const who = { reference: '#personne-1', identifier: author, display: 'Anne ESSAI-GENERALISTE' };
      expect(reference).toMatchObject({
        author: [who],
        authenticator: who,
        custodian: { identifier: finess },
      });
    }
  });

  it('tell sector, setting, period, format and the patient whom that hospital knows, each from what is known', () => {
    const [document, print] = references() as [DocumentReference, DocumentReference];
    for (const { context, subject } of [document, print]) {
      expect(context).toMatchObject({
        period: { start: '2026-09-14', end: '2026-11-20' },
        facilityType: publicHospital,
        practiceSetting: coded('TRE_A01-CadreExercice', 'AMBULATOIRE'),
        sourcePatientInfo: subject,
      });
      expect(subject!.reference).toMatch(/^Patient\//);
    }
    expect(document.content[0]!.format).toMatchObject({ code: 'urn:ihe:iti:xds:2017:mimeTypeSufficient' });
    expect(print.content[0]!.format).toEqual(
      coded('TRE_A11-IheFormatCode', 'urn:ihe:iti:xds-sd:pdf:2008').coding[0],
    );
  });

  it('are read by our own profiles without error, and by the gateway’s own clients at ITI-67', async () => {
    for (const resource of [...told('List'), ...told('DocumentReference')]) {
      const url = resource.meta!.profile![0]!;
      const issues = story.documents.validate(resource, [url]);
      expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
    const { resources } = await story.context.store.clinical.search(tenant, { type: 'DocumentReference' });
    const own = resources.filter(({ contained }) => contained) as unknown as DocumentReference[];
    expect(own.map(lacksOf)).toEqual([[], []]);
  });

  it('make a submission set that says of what activity, by whom, from where and for whom (MHD-02)', () => {
    for (const list of told('List')) {
      expect(list).toMatchObject({
        meta: { profile: ['https://passerelle.example/fhir/StructureDefinition/pas-submission-set'] },
        contained: [{ resourceType: 'Practitioner', id: 'personne-1', identifier: [author] }],
        source: { reference: '#personne-1' },
      });
      const extensions = list['extension'] as { url: string; valueReference?: object }[];
      expect(extensions.map(({ url }) => url)).toEqual(
        expect.arrayContaining([designationTypeUrl, sourceIdUrl, intendedRecipientUrl]),
      );
      expect(extensions).toContainEqual({ url: designationTypeUrl, valueCodeableConcept: publicHospital });
      expect(extensions).toContainEqual({
        url: intendedRecipientUrl,
        valueReference: {
          ...{ type: 'Practitioner', display: 'Dr ESSAI-VILLE' },
          identifier: { system: systems.rpps, value: '10999900037' },
        },
      });
    }
  });

  it('of a PDF that came with its own are passed on as they came', async () => {
    sent.length = 0;
    const system = 'https://coreso.example/documents';
    const clinic = coded('TRE_R02-SecteurActivite', 'SA05');
    const setting = coded('TRE_A01-CadreExercice', 'ETABLISSEMENT');
    const bundle = submission(pdf, 'application/pdf', { system, value: 'PDF-1' });
    const reference = bundle.entry[1].resource as unknown as DocumentReference;
    const { identifier } = reference.author![0]!;
    reference.relatesTo = [
      { code: 'appends', target: { identifier: { system, value: 'SYNTHESE-2026-0001' } } },
    ];
    reference.authenticator = { type: 'Practitioner', identifier: { ...identifier, value: '10999900045' } };
    reference.context = { ...reference.context, facilityType: clinic, practiceSetting: setting };
    await receiveSubmission(story.documents, story.coreso, bundle);
    await story.deliver();
    const [passed] = references() as [DocumentReference];
    expect(passed.context).toMatchObject({ facilityType: clinic, practiceSetting: setting });
    expect(passed.authenticator).toMatchObject({ reference: '#personne-2' });
    expect(passed.contained).toMatchObject([
      { identifier: [author] },
      { identifier: [{ value: '10999900045' }] },
    ]);
    // it said neither language nor date of creation: the date is the document's own, a language is not guessed
    expect(lacksOf(passed)).toEqual(['content.attachment.language']);
    expect(sent[0]!.bundleProfile).toBe(provideBundle.minimal);
  });
});

describe('metadata that nobody knows', () => {
  const facts = { circumstances: {}, custodianTypes: [], custodian: { identifier: finess } };
  const known = (more: object, contentType = 'application/fhir+json') =>
    circumstancesOf(story.documents, 'another-tenant', { ...facts, ...more } as never, contentType);

  it('are left out: no sector of an unknown structure, no setting of an unlisted encounter, no format of another type', async () => {
    expect(await known({ encounterClass: { code: 'VR' } }, 'text/plain')).toEqual({});
  });

  it('are not looked for where the document says them', async () => {
    const custodianTypes = [coded('TRE_R66-CategorieEtablissement', '355'), publicHospital];
    expect(await known({ custodianTypes, encounterClass: { code: 'IMP' } })).toMatchObject({
      facilityType: publicHospital,
      practiceSetting: coded('TRE_A01-CadreExercice', 'ETABLISSEMENT'),
    });
  });

  it('leave the submission minimal, without designationType; an organisation as author is named as such (ihe-authorOrg)', () => {
    const body = {
      ...{ resourceType: 'DocumentReference', status: 'current' },
      contained: [{ resourceType: 'Organization', id: 'personne-1', name: 'Coreso' }],
      author: [{ reference: '#personne-1' }],
      content: [{ attachment: {} }],
    };
    const about = {
      documentId: 'd',
      patient: { reference: 'Patient/1' },
      date: '2026-11-20',
      recipients: [],
    };
    const [set] = submissionOf([{ type: 'DocumentReference', key: 'k|1', body }], [], about);
    expect(set).toMatchObject({
      bundleProfile: provideBundle.minimal,
      body: {
        extension: [{ url: sourceIdUrl }],
        source: { extension: [{ url: authorOrgUrl, valueReference: { reference: '#personne-1' } }] },
      },
    });
  });
});
