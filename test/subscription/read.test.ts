/** What a Subscription may ask for, and that everything else is refused, saying what would be done (SUB-01, SUB-07). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClientConfig } from '../../src/config.ts';
import { GatewayError } from '../../src/fhir/error.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { matchesFilters } from '../../src/subscription/filter.ts';
import { readSubscription } from '../../src/subscription/read.ts';
import { mayCall } from '../../src/subscription/rights.ts';
import { extensionUrls, topics } from '../../src/subscription/topics.ts';

const example = JSON.parse(
  readFileSync('test/fixtures/subscription/referral-changed.json', 'utf8'),
) as AnyResource & { channel: Record<string, unknown> };

const channel = (change: object): AnyResource => ({ ...example, channel: { ...example.channel, ...change } });
const content = (valueCode: string) => ({
  _payload: { extension: [{ url: extensionUrls.content, valueCode }] },
});
const filtered = (...texts: string[]): AnyResource => ({
  ...example,
  _criteria: { extension: texts.map((valueString) => ({ url: extensionUrls.filter, valueString })) },
});
const seconds = (url: string, valueUnsignedInt: number) =>
  channel({ extension: [{ url, valueUnsignedInt }] });

function refusalOf(resource: AnyResource): GatewayError {
  try {
    readSubscription(resource);
  } catch (error) {
    return error as GatewayError;
  }
  throw new Error('not refused');
}

describe('a Subscription', () => {
  it('names a topic, an address, what is told and what goes along (SUB-01)', () => {
    expect(readSubscription(seconds(extensionUrls.heartbeat, 60))).toMatchObject({
      topic: topics[0],
      content: 'id-only',
      endpoint: 'https://dpi.ghu.example/alertes',
      headers: ['Authorization: Bearer secret-of-the-subscriber'],
      heartbeatS: 60,
      timeoutS: 15,
    });
  });

  it.each<[string, AnyResource, RegExp]>([
    [
      'topic',
      { ...example, criteria: 'https://elsewhere.example/topic' },
      /SubscriptionTopic\/referral-changed/,
    ],
    ['classic criteria', { ...example, criteria: 'Task?status=requested' }, /Sujets/],
    ['channel', channel({ type: 'email' }), /rest-hook/],
    ['channel without address', channel({ endpoint: undefined }), /adresse/],
    ['payload', channel({ payload: 'application/fhir+xml' }), /application\/fhir\+json/],
    ['payload that is missing', channel({ payload: undefined }), /application\/fhir\+json/],
    [
      'full-resource, because it leaves our access control',
      channel(content('full-resource')),
      /contrôle d’accès/,
    ],
    ['content that is missing', channel({ _payload: undefined }), /empty ou id-only/],
    ['filter by another type', filtered('Patient?name=x'), /Task\?nom=valeur/],
    ['filter by another parameter', filtered('Task?owner=Organization/1'), /noms : status, patient/],
    ['filter with a modifier', filtered('Task?status:not=requested'), /sans modificateur/],
    ['filter without value', filtered('Task?status='), /Filtre/],
    ['filter by what every object has', filtered('Task?constructor=1'), /Filtre/],
    ['heartbeat of a second', seconds(extensionUrls.heartbeat, 1), /de 10 à 604800/],
    ['timeout of an hour', seconds(extensionUrls.timeout, 3600), /de 1 à 60/],
    [
      'extension of another version',
      {
        ...example,
        extension: [{ url: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Subscription.name' }],
      },
      /Extension/,
    ],
    [
      'extension that is repeated',
      channel({
        extension: [10, 20].map((valueUnsignedInt) => ({ url: extensionUrls.timeout, valueUnsignedInt })),
      }),
      /répétée/,
    ],
    ['header that would end the head', channel({ header: ['X: a\r\nHost: b'] }), /En-tête/],
    ['header of the connection', channel({ header: ['Host: elsewhere.example'] }), /En-tête/],
    ['eleven headers', channel({ header: Array.from({ length: 11 }, (_x, i) => `X-${i}: 1`) }), /Au plus 10/],
  ])('is refused with another %s (SUB-07)', (_what, resource, message) => {
    const error = refusalOf(resource);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ category: 'unprocessable', side: 'sender' });
    expect(error.message).toMatch(message);
    expect(error.issues[0]?.expression).toMatch(/^Subscription/);
  });

  it('never says what a refused header holds', () => {
    const error = refusalOf(channel({ header: ['Authorization: Bearer canary-secret\n'] }));
    expect(JSON.stringify([error.message, error.issues])).not.toContain('canary');
  });

  it('is understood or refused, whatever stands in it', () => {
    const text = fc.oneof(fc.string(), fc.constant(undefined));
    const extension = fc.array(
      fc.record({
        url: fc.oneof(fc.constantFrom(...Object.values(extensionUrls)), fc.string()),
        valueString: text,
        valueCode: text,
        valueUnsignedInt: fc.oneof(fc.nat(), fc.constant(undefined)),
      }),
    );
    const any = fc.record({
      criteria: fc.oneof(fc.constantFrom(...topics.map(({ canonical }) => canonical)), fc.string()),
      extra: extension,
      type: fc.oneof(fc.constant('rest-hook'), fc.string()),
      payload: fc.oneof(fc.constant('application/fhir+json'), text),
      header: fc.array(fc.string()),
      code: fc.constantFrom('empty', 'id-only', 'full-resource'),
    });
    fc.assert(
      fc.property(any, ({ criteria, extra, type, payload, header, code }) => {
        const given = {
          ...{ resourceType: 'Subscription', criteria, _criteria: { extension: extra } },
          channel: {
            type,
            endpoint: 'https://a.example',
            payload,
            header,
            extension: extra,
            ...content(code),
          },
        };
        try {
          readSubscription(given);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      }),
    );
  });
});

describe('a filter', () => {
  const task = { resourceType: 'Task', status: 'accepted', for: { reference: 'Patient/p1' } };
  const document = {
    resourceType: 'DocumentReference',
    type: { coding: [{ system: 'http://loinc.org', code: '34133-9' }] },
  };
  const matches = (resource: AnyResource, ...texts: string[]): boolean =>
    matchesFilters(
      resource,
      readSubscription({
        ...filtered(...texts),
        criteria: topics.find(({ type }) => type === resource.resourceType)!.canonical,
      }).filters,
    );

  it.each<[boolean, AnyResource, string[]]>([
    [true, task, ['Task?status=accepted']],
    [true, task, ['Task?status=rejected,accepted']],
    [false, task, ['Task?status=rejected']],
    [true, task, ['Task?patient=Patient/p1&status=accepted']],
    [true, task, ['Task?patient=p1']],
    [false, task, ['Task?patient=p1', 'Task?status=rejected']],
    [true, document, ['DocumentReference?type=http://loinc.org|34133-9']],
    [true, document, ['DocumentReference?type=34133-9']],
    [false, document, ['DocumentReference?type=http://else.example|34133-9']],
    [false, document, ['DocumentReference?type=|34133-9']],
  ])('tells (%s) of %o by %o', (expected, resource, texts) => {
    expect(matches(resource, ...texts)).toBe(expected);
  });
});

describe('the address of a subscription', () => {
  const client: ClientConfig = {
    ...{ id: 'ghu', tenant: 'west', auth: { kind: 'basic', password: '' }, roles: ['placer'] },
    subscriptions: { origins: ['https://dpi.ghu.example', 'http://127.0.0.1:8080'] },
  };
  it.each<[boolean, string]>([
    [true, 'https://dpi.ghu.example/alertes?de=passerelle'],
    [true, 'https://DPI.ghu.example:443/alertes'],
    [true, 'http://127.0.0.1:8080/x'],
    [false, 'http://dpi.ghu.example/alertes'],
    [false, 'https://dpi.ghu.example:8443/alertes'],
    [false, 'https://dpi.ghu.example.evil.example/'],
    [false, 'https://dpi.ghu.example@evil.example/'],
    [false, 'https://user:password@dpi.ghu.example/'],
    [false, 'https://169.254.169.254/latest/meta-data'],
    [false, 'http://127.0.0.1:5432/'],
    [false, 'file:///etc/passwd'],
    [false, 'not a url'],
  ])('may (%s) be %s', (expected, endpoint) => {
    expect(mayCall(client, endpoint)).toBe(expected);
  });
});
