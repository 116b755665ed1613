import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GatewayError } from '../../src/fhir/error.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { example, startStory, type Story, tenant } from './story.ts';

type Entry = { fullUrl: string; resource: AnyResource; request: { method: string; url: string } };

let story: Story;

beforeAll(async () => {
  story = await startStory();
});
afterAll(async () => {
  await story.close();
});

/** The example with an order identifier of its own and one change. */
function referral(order: string, change: (entries: Entry[]) => Entry[] = (entries) => entries): AnyResource {
  const bundle = example();
  const entries = bundle['entry'] as Entry[];
  const identifier = part(entries, 'ServiceRequest')['identifier'] as { value: string }[];
  identifier[0]!.value = order;
  return { ...bundle, entry: change(entries) };
}

function part(entries: Entry[], type: string): AnyResource {
  return entries.find(({ resource }) => resource.resourceType === type)!.resource;
}

function without(type: string): (entries: Entry[]) => Entry[] {
  return (entries) => entries.filter(({ resource }) => resource.resourceType !== type);
}

function changed(type: string, change: (resource: AnyResource) => void): (entries: Entry[]) => Entry[] {
  return (entries) => {
    change(part(entries, type));
    return entries;
  };
}

const send = (bundle: AnyResource) => acceptReferral(story.context, story.psychiatrist, bundle);

async function refusal(bundle: AnyResource): Promise<GatewayError> {
  const error: unknown = await send(bundle).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error as GatewayError;
}

async function count(): Promise<number> {
  return (await story.context.store.referrals.list(tenant)).length;
}

/** The example's consent with an exception against the hospital, which is an entry of the Bundle. */
function opposed(identifiers: object[]): (entries: Entry[]) => Entry[] {
  return (entries) => {
    const provision = part(entries, 'Consent')['provision'] as Record<string, unknown>;
    const hospital = entries.find(({ resource }) => resource.resourceType === 'Organization')!;
    hospital.resource['identifier'] = identifiers;
    delete provision['actor'];
    const role = {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }],
    };
    provision['provision'] = [
      { type: 'deny', actor: [{ role, reference: { reference: hospital.fullUrl } }] },
    ];
    return entries;
  };
}

const finess = { system: 'https://finess.esante.gouv.fr', value: '990780033' };
const idNatSt = { system: 'urn:oid:1.2.250.1.71.4.2.2', value: '1990780033' };

describe('an opposition of the patient', () => {
  it.each([
    ['by its only number', [finess]],
    ['by any of its numbers', [idNatSt, finess]],
  ])('to the hospital that gives the care, named in the Bundle %s, is heard', async (name, identifiers) => {
    const error = await refusal(referral(`CORESO-OPPOSE-${name}`, opposed(identifiers)));
    expect(error?.message).toContain('s’oppose');
  });

  it('to another hospital does not matter', async () => {
    const elsewhere = [{ ...finess, value: '990000051' }];
    expect((await send(referral('CORESO-OPPOSE-3', opposed(elsewhere)))).status).toBe(200);
  });
});

describe('a referral that cannot be accepted', () => {
  it.each<[string, (entries: Entry[]) => Entry[], string, string]>([
    [
      'an unknown network',
      changed('ServiceRequest', (order) => {
        order['instantiatesCanonical'] = ['https://passerelle.example/fhir/PlanDefinition/inconnu'];
      }),
      'Bundle.entry[1].resource.instantiatesCanonical',
      'https://passerelle.example/fhir/PlanDefinition/coreso-le-vinatier',
    ],
    [
      'a conditional reference that cannot be read',
      changed('Condition', (condition) => {
        condition['asserter'] = { reference: 'Practitioner?identifier=a|%' };
      }),
      'Bundle.entry[9].resource.asserter',
      'Référence propre au serveur émetteur',
    ],
    ['no patient', without('Patient'), 'Bundle.entry', 'exactement 1 Patient'],
    ['no letter', without('DocumentReference'), 'Bundle.entry', 'au moins 1 DocumentReference'],
    [
      'a wrong category',
      changed('ServiceRequest', (order) => {
        order['category'] = [{ coding: [{ system: 'http://snomed.info/sct', code: '3457005' }] }];
      }),
      'Bundle.entry[1].resource.category',
      'category',
    ],
    [
      'a letter of another type',
      changed('DocumentReference', (letter) => {
        letter['type'] = { coding: [{ system: 'http://loinc.org', code: '57133-1' }] };
      }),
      'Bundle.entry[3].resource.type',
      'type',
    ],
    [
      'a Task that has begun already',
      changed('Task', (task) => void (task['status'] = 'accepted')),
      'Bundle.entry[2].resource.status',
      'requested',
    ],
    [
      'a letter that is called a PDF and is none',
      changed('Binary', (binary) => void (binary['contentType'] = 'application/pdf')),
      'Bundle.entry[4].resource.data',
      'annoncé comme PDF',
    ],
    ['no consent', without('Consent'), 'Bundle.entry.resource.ofType(Consent)', 'Aucun consentement'],
    [
      'a consent that has expired',
      changed('Consent', (consent) => {
        (consent['provision'] as { period: object }).period = { end: '2026-01-01' };
      }),
      'Bundle.entry.resource.ofType(Consent)',
      'expiré',
    ],
    [
      'a reference that only its own server understands (P-22)',
      changed('ServiceRequest', (order) => void (order['requester'] = { reference: 'PractitionerRole/77' })),
      'Bundle.entry[1].resource.requester',
      'serveur émetteur',
    ],
    [
      'an attachment that its own server keeps',
      changed('Task', (task) => {
        const url = 'https://ch-le-vinatier.example/fhir/Binary/77';
        const valueAttachment = { contentType: 'application/pdf', url };
        task['input'] = [{ type: { text: 'Biologie' }, valueAttachment }];
      }),
      'Bundle.entry[2].resource.input[0].valueAttachment.url',
      'joignez le contenu',
    ],
    [
      'an address that its own server answers',
      changed('Task', (task) => {
        const valueUri = 'https://ch-le-vinatier.example/fhir/DiagnosticReport/77';
        task['input'] = [{ type: { text: 'Biologie' }, valueUri }];
      }),
      'Bundle.entry[2].resource.input[0].valueUri',
      'ne voit pas',
    ],
    [
      'two matricules INS of one patient',
      changed('Patient', (patient) => {
        const nia = { system: 'urn:oid:1.2.250.1.213.1.4.11', value: '274129910000184' };
        (patient['identifier'] as object[]).push(nia);
      }),
      'Bundle.entry[0].resource.identifier',
      'plusieurs matricules INS',
    ],
    [
      'a reference to no entry',
      changed('Task', (task) => void (task['requester'] = { reference: 'urn:uuid:0' })),
      'Bundle.entry[2].resource.requester',
      'aucune entrée',
    ],
    [
      'a type that a referral may not hold',
      (entries) => [
        ...entries,
        {
          fullUrl: 'urn:uuid:9',
          resource: { resourceType: 'Observation' },
          request: { method: 'POST', url: 'Observation' },
        },
      ],
      'Bundle.entry[10].resource',
      'ne contient que',
    ],
    [
      'a letter without content',
      changed('Binary', (binary) => void (binary['data'] = 'pas du base64')),
      'Bundle.entry[4].resource.data',
      'base64',
    ],
    [
      'an update hidden among its entries',
      (entries) =>
        entries.map((entry, i) =>
          i === 0 ? { ...entry, request: { method: 'PUT', url: 'Patient/1' } } : entry,
        ),
      'Bundle.entry[0].request',
      'POST Patient',
    ],
    [
      'an offer of another network as performer',
      changed('ServiceRequest', (order) => {
        const [performer] = order['performer'] as { identifier: { value: string } }[];
        performer!.identifier.value = 'cso-idf-ouest/offer/rcp';
      }),
      'Bundle.entry[1].resource.performer',
      'coreso-le-vinatier',
    ],
  ])('is refused for %s, with the element concerned', async (_case, change, expression, words) => {
    const before = await count();
    const error = await refusal(referral(`REFUS-${_case}`, change));
    expect(error).toMatchObject({ category: 'unprocessable', side: 'sender' });
    const told = error.issues.filter((issue) => issue.expression?.startsWith(expression));
    expect(told.map(({ message }) => message).join(' ')).toContain(words);
    expect(error.issues.length).toBeGreaterThan(0);
    expect(await count()).toBe(before);
  });

  it('tells all faults at once', async () => {
    const error = await refusal(
      referral('REFUS-TOUT', (entries) => {
        part(entries, 'Task')['status'] = 'accepted';
        part(entries, 'DocumentReference')['content'] = [
          { attachment: { contentType: 'text/plain', title: 'x' } },
        ];
        delete part(entries, 'Patient')['gender'];
        return entries;
      }),
    );
    const places = error.issues.map(({ expression }) => expression?.split('.').slice(0, 2).join('.'));
    expect(new Set(places)).toEqual(new Set(['Bundle.entry[0]', 'Bundle.entry[2]', 'Bundle.entry[3]']));
  });

  it('is refused when it is no transaction, when its order has no identifier, when the client may not place', async () => {
    expect((await refusal({ ...example(), type: 'batch' })).category).toBe('invalid');
    const anonymous = referral(
      'x',
      changed('ServiceRequest', (order) => delete order['identifier']),
    );
    expect((await refusal(anonymous)).issues[0]?.expression).toBe('Bundle.entry[1].resource.identifier');
    await expect(acceptReferral(story.context, story.coreso, referral('y'))).rejects.toMatchObject({
      category: 'forbidden',
    });
  });

  it('is refused when no server keeps the network', async () => {
    const servers = story.context.servers.filter(({ id }) => id !== 'ville');
    const refused = acceptReferral(
      { ...story.context, servers },
      story.psychiatrist,
      referral('SANS-SERVEUR'),
    );
    await expect(refused).rejects.toThrow('Aucun serveur');
  });

  it('is refused when no server keeps the requester’s records: its outcome could not come back', async () => {
    const { server: _none, ...homeless } = story.psychiatrist;
    const servers = story.context.servers.map((one) =>
      one.id === 'vinatier' ? { ...one, homeOf: [] } : one,
    );
    const sent = acceptReferral(
      { ...story.context, servers },
      { ...homeless, server: undefined },
      referral('NO-HOME'),
    );
    await expect(sent).rejects.toMatchObject({ category: 'unprocessable', side: 'sender' });
    expect(
      await story.context.store.referrals.byOrder(tenant, 'https://ch-le-vinatier.example/demandes|NO-HOME'),
    ).toEqual([]);
  });
});

describe('a referral posted more than once', () => {
  it('gets the same answer and has one effect, even with other urn:uuids', async () => {
    const before = await count();
    const first = await send(referral('DEUX-FOIS'));
    const again = JSON.parse(
      JSON.stringify(referral('DEUX-FOIS')).replaceAll('6f1d2c3a', '7a7a7a7a'),
    ) as AnyResource;
    expect(await send(again)).toEqual(first);
    expect(await count()).toBe(before + 1);
  });

  it('has one effect when both arrive at the same moment', async () => {
    const before = await count();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(referral('EN-MEME-TEMPS'))));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await count()).toBe(before + 1);
  });

  it('is a duplicate when the same order identifier comes with other content', async () => {
    await send(referral('AUTRE'));
    const other = referral(
      'AUTRE',
      changed('Patient', (patient) => void (patient['birthDate'] = '1975-01-01')),
    );
    expect(await refusal(other)).toMatchObject({ category: 'duplicate' });
  });

  it('is kept apart from the same identifier of another placer', async () => {
    const before = await count();
    const elsewhere = { ...story.psychiatrist, client: 'autre-service' };
    await send(referral('PARTAGE'));
    await acceptReferral(story.context, elsewhere, referral('PARTAGE'));
    expect(await count()).toBe(before + 2);
  });

  it('leaves nothing behind when its transaction fails, and can be posted again', async () => {
    const before = await count();
    const broken = {
      ...story.context,
      clock: { ...story.context.clock, now: () => Number.NaN }, // no date can be stored
    };
    await expect(acceptReferral(broken, story.psychiatrist, referral('PANNE'))).rejects.toThrow();
    expect(await count()).toBe(before);
    await send(referral('PANNE'));
    expect(await count()).toBe(before + 1);
  });
});

describe('an INS that is not qualified', () => {
  const ins = { system: 'urn:oid:1.2.250.1.213.1.4.10', value: '174129910000157' };
  /** The older list's status: its INS is taken at the door, and goes no further. */
  const unqualified = changed('Patient', (patient) => {
    const [reliability] = patient['extension'] as {
      extension: { valueCoding: { system: string; code: string } }[];
    }[];
    Object.assign(reliability!.extension[0]!.valueCoding, {
      ...{ system: 'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445', code: 'VALI' },
    });
  });
  const elsewhere = changed('DocumentReference', (letter) => {
    letter['context'] = { sourcePatientInfo: { type: 'Patient', identifier: ins } };
  });

  const inReference = changed('DocumentReference', (letter) => {
    const reference = `Patient?identifier=${encodeURIComponent(ins.system)}|${ins.value}`;
    letter['context'] = { sourcePatientInfo: { reference } };
  });

  it.each([
    ['as an identifier', elsewhere],
    ['in a conditional reference', inReference],
  ])('is refused beside the patient %s, where no status guards it', async (_where, put) => {
    const error = await refusal(referral('CORESO-INS-1', (entries) => put(unqualified(entries))));
    expect(error?.issues).toContainEqual(
      expect.objectContaining({ expression: 'Bundle.entry[3].resource', code: 'business-rule' }),
    );
    expect(JSON.stringify(error)).not.toContain(ins.value);
  });

  it('goes beside the patient when it is the patient’s and qualified', async () => {
    expect((await send(referral('CORESO-INS-2', elsewhere))).status).toBe(200);
  });

  it('is neither kept nor sent', async () => {
    await send(referral('CORESO-INS-3', unqualified));
    const { referrals, clinical } = story.context.store;
    const [one] = (await referrals.list(tenant)).filter(({ orderKey }) => orderKey.endsWith('CORESO-INS-3'));
    const patient = await clinical.get(tenant, 'Patient', one!.patientId);
    expect(JSON.stringify(patient)).toContain('800012345');
    expect(JSON.stringify(patient)).not.toContain(ins.value);
    await story.deliver();
    const key = `https://passerelle.example/fhir/referral|${one!.id}/patient`;
    const sent = await story.find(story.servers.ville, 'Patient', { identifier: key });
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent)).not.toContain(ins.value);
  });
});

describe('a network that no longer offers what is asked', () => {
  /** The refusal of a referral while one published resource is otherwise. */
  async function whileOtherwise(type: string, change: object): Promise<GatewayError> {
    const { desired } = story.context.store;
    const published = await desired.list(tenant);
    await desired.replace(
      tenant,
      published.map((one) => (one.type === type ? { ...one, body: { ...one.body, ...change } } : one)),
    );
    const error = await refusal(referral(`CORESO-CLOSED-${type}`));
    await desired.replace(tenant, published);
    return error;
  }

  it.each([
    ['its pathway is retired', 'PlanDefinition', { status: 'retired' }, 'pas ouvert'],
    ['its offer is closed', 'HealthcareService', { active: false }, 'pas d’offre ouverte'],
  ])('gets no referral when %s', async (_case, type, change, words) => {
    expect((await whileOtherwise(type, change))?.message).toContain(words);
  });

  it('gets none for an offer it never had', async () => {
    const unknown = changed('ServiceRequest', (order) => {
      const [performer] = order['performer'] as { identifier: { value: string } }[];
      performer!.identifier.value = 'coreso-le-vinatier/offer/inconnue';
    });
    expect((await refusal(referral('CORESO-NO-OFFER', unknown)))?.message).toContain('pas d’offre ouverte');
  });
});
