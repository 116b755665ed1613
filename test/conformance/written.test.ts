/** Everything the gateway wrote or served during the whole story, before two validators that are not ours (P-46). */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judge } from '../../scripts/golden/judge.ts';
import type { Verdict } from '../../scripts/golden/verdict.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { type EndToEnd, startEndToEnd } from '../e2e/stage.ts';
import { asFiles, everythingAt } from './everything-at.ts';

const minutes = 60_000;

let stage: EndToEnd;
let subscriber: Server;
/** Notifications that a subscriber got. */
const told: AnyResource[] = [];
let verdicts: Verdict[];
/** What was judged, by the name of its file. */
const judged = new Map<string, AnyResource>();

beforeAll(async () => {
  subscriber = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      told.push(JSON.parse(text) as AnyResource);
      response.writeHead(200).end();
    });
  });
  await once(subscriber.listen(0, '127.0.0.1'), 'listening');
  const { port } = subscriber.address() as AddressInfo;
  stage = await startEndToEnd(undefined, {
    ...{ networks: [], homeOf: [] },
    notify: `http://127.0.0.1:${port}/alertes`,
  });
  expect(await stage.command('apply')).toMatchObject({ code: 0 });
  const refusals = await refused(stage);
  await stage.play();
  for (const hospital of ['psychiatrie', 'ville'] as const) {
    for (const resource of await everythingAt(stage.at(hospital))) {
      judged.set(`${hospital}-${resource.resourceType}-${resource.id}`, resource);
    }
  }
  for (const [name, resource] of [...refusals, ...(await served(stage))]) judged.set(name, resource);
  told.forEach((bundle, index) => judged.set(`told-${index}`, withoutProfiles(bundle)));
  verdicts = judge(await asFiles(judged, stage.folder));
}, 10 * minutes);

afterAll(async () => {
  await stage.close();
  subscriber.close();
});

describe('what the gateway writes and serves', () => {
  it.each(['HAPI', 'HL7'])('%s finds no error in it; an unknown profile would be one', (validator) => {
    const verdict = verdicts.find((one) => one.validator === validator)!;
    const errors = verdict.errors.map((one) => ({ ...one, source: one.source.split('/').at(-1)! }));
    expect(errors.filter((one) => !isOfTwoVersions(one))).toEqual([]);
    expect(verdict.resources).toBe(judged.size);
  });

  it('has a profile of ours on everything at the hospitals, but for what the sender carried along', () => {
    const plain = [...judged].filter(
      ([name, { resourceType, meta }]) =>
        /^(psychiatrie|ville)-/.test(name) &&
        !['Binary', 'Condition'].includes(resourceType) &&
        !meta?.profile?.some((url) => url.startsWith('https://passerelle.example/fhir/StructureDefinition/')),
    );
    expect(plain.map(([name]) => name)).toEqual([]);
  });

  it('covers publication, exchange, documents and what the gateway answers', () => {
    const types = new Set([...judged.values()].flatMap(typesIn));
    expect([...types].sort()).toEqual(
      expect.arrayContaining([
        ...[
          'ActivityDefinition',
          'Binary',
          'Bundle',
          'CapabilityStatement',
          'CarePlan',
          'CareTeam',
          'Consent',
        ],
        ...['DocumentReference', 'Encounter', 'HealthcareService', 'Location', 'OperationOutcome'],
        ...['Organization', 'OrganizationAffiliation', 'Patient', 'PlanDefinition', 'Practitioner'],
        ...['PractitionerRole', 'ServiceRequest', 'Subscription', 'Task'],
      ]),
    );
  });
});

/**
 * HAPI's validator resolves references inside a history as inside a message, and complains of what a history is made of:
 * several versions of one resource under one fullUrl (bdl-7 excepts histories).
 */
function isOfTwoVersions({ source, message }: { source: string; message: string }): boolean {
  return source.endsWith('-history.json') && message.startsWith('Multiple matches in bundle for reference');
}

/** The type of a resource and, of a Bundle, those of its entries. */
function typesIn(resource: AnyResource): string[] {
  const entries = (resource['entry'] ?? []) as { resource?: AnyResource }[];
  return [
    resource.resourceType,
    ...entries.flatMap((entry) => (entry.resource ? typesIn(entry.resource) : [])),
  ];
}

/** Answers to requests that the gateway must refuse. */
async function refused(story: EndToEnd): Promise<[string, AnyResource][]> {
  const { cast, address } = story;
  const placer = story.as('psychiatrie');
  const fulfiller = story.as('coreso');
  const entries = cast.referral['entry'] as { resource: AnyResource }[];
  const without = (type: string) => ({
    ...cast.referral,
    entry: entries.filter(({ resource }) => resource.resourceType !== type),
  });
  const anonymous = await fetch(`${address}/fhir/Task`);
  return [
    ['refused-anonymous', (await anonymous.json()) as AnyResource],
    ['refused-patient', (await placer.post('', without('Patient'))).resource],
    ['refused-consent', (await placer.post('', without('Consent'))).resource],
    ['refused-role', (await fulfiller.post('', cast.referral)).resource],
    ['refused-unknown', (await fulfiller.get('Task/nowhere')).resource],
    ['refused-type', (await fulfiller.get('Medication')).resource],
    ['refused-parameter', (await fulfiller.get('Task?colour=red')).resource],
    ['refused-early', (await fulfiller.post('Bundle', cast.synthesis)).resource],
  ];
}

/** What a hospital can read at the gateway once the story is over. */
async function served(story: EndToEnd): Promise<[string, AnyResource][]> {
  const reader = story.as('coreso');
  const { resource: capability } = await reader.get('metadata');
  const [rest] = capability['rest'] as [{ resource: { type: string; interaction: { code: string }[] }[] }];
  const found: [string, AnyResource][] = [['served-metadata', capability]];
  for (const { type, interaction } of rest.resource) {
    const can = (code: string) => interaction.some((one) => one.code === code);
    if (can('search-type')) found.push([`served-${type}`, (await reader.get(type)).resource]);
    if (can('history-type'))
      found.push([`served-${type}-history`, (await reader.get(`${type}/_history`)).resource]);
  }
  const subscribed = story.as('psychiatrie');
  for (const path of ['', '/$status', '/$events']) {
    const { resource } = await subscribed.get(`Subscription/psychiatrie${path}`);
    found.push([`served-subscription${path.replace('/$', '-')}`, withoutProfiles(resource)]);
  }
  found.push(['served-same-answer', (await story.as('psychiatrie').post('', story.cast.referral)).resource]);
  return found;
}

/** Profiles of Subscriptions R5 Backport cannot be resolved here: what bears them is judged as R4, its extensions by their shape. */
function withoutProfiles(resource: AnyResource): AnyResource {
  const ours = (url: string) => !url.includes('/subscriptions-backport/');
  return JSON.parse(JSON.stringify(resource), (name, value: { profile?: string[] }) => {
    if (name !== 'meta' || !value.profile) return value;
    const { profile, ...rest } = value;
    const left = profile.filter(ours);
    const meta = left.length ? { ...rest, profile: left } : rest;
    return Object.keys(meta).length ? meta : undefined; // without it
  }) as AnyResource;
}
