import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/consent/decide.ts';
import type { ConsentQuestion } from '../../src/consent/types.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';
import type { Consent } from '../../src/fhir/types.ts';

const network = 'https://passerelle.example/fhir/network';
const care = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' };

const categories = 'https://passerelle.example/fhir/CodeSystem/consent-category';
const prior = { system: categories, code: 'consentement' };
const nonOpposition = { system: categories, code: 'non-opposition' };
const psychiatric = { system: 'http://loinc.org', code: '68599-0' };
const { consent: rules } = readExchangeRules('mappings');

function consent(change: Partial<Consent> = {}): Consent {
  return {
    resourceType: 'Consent',
    id: 'c1',
    status: 'active',
    scope: { text: 'partage' },
    category: [{ coding: [prior] }],
    patient: { reference: 'Patient/p1' },
    provision: {
      type: 'permit',
      period: { start: '2026-01-01', end: '2026-12-31' },
      purpose: [care],
      actor: [
        {
          role: { text: 'destinataire' },
          reference: { identifier: { system: network, value: 'coreso-le-vinatier' } },
        },
      ],
    },
    ...change,
  };
}

function ask(consents: Consent[], change: Partial<ConsentQuestion> = {}): ReturnType<typeof decide> {
  return decide({
    consents,
    patient: 'Patient/p1',
    recipient: { name: 'Coreso', keys: [`${network}|coreso-le-vinatier/offer/consultation-somatique`] },
    rules,
    content: [],
    now: new Date('2026-11-22T10:00:00Z'),
    ...change,
  });
}

const provision = (change: Partial<NonNullable<Consent['provision']>>): Consent =>
  consent({ provision: { ...consent().provision, ...change } });

describe('consent', () => {
  it('permits under an active consent whose actor covers the offer of the network', () => {
    expect(ask([consent()])).toEqual({ permit: true, consentId: 'c1' });
  });

  it('CSP L.1110-12: non-opposition is enough in the care team, and outside it prior consent is asked for', () => {
    const silent = consent({ category: [{ coding: [nonOpposition] }] });
    const recipient = { name: 'Coreso', keys: [`${network}|coreso-le-vinatier`] };
    expect(ask([silent], { recipient: { ...recipient, careTeam: true } })).toMatchObject({ permit: true });
    expect(ask([silent], { recipient })).toMatchObject({
      permit: false,
      reason: expect.stringContaining('non-opposition') as unknown,
      obtain: expect.stringContaining('consentement préalable') as unknown,
    });
    const attested = [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }];
    expect(ask([consent({ category: attested })])).toMatchObject({ permit: true });
  });

  it('lets psychiatric content leave only under a consent that names it', () => {
    const content = [psychiatric];
    expect(ask([consent()], { content })).toMatchObject({
      permit: false,
      reason: expect.stringContaining('synthèse psychiatrique') as unknown,
    });
    expect(ask([provision({ code: [{ coding: [psychiatric] }] })], { content })).toMatchObject({
      permit: true,
    });
  });

  it('an opposition to one kind of content lets the rest leave', () => {
    const except = provision({ provision: [{ type: 'deny', code: [{ coding: [psychiatric] }] }] });
    expect(ask([except], { content: [{ ...psychiatric, code: '34133-9' }] })).toMatchObject({ permit: true });
    expect(ask([except], { content: [psychiatric] })).toMatchObject({ permit: false });
  });

  it('permits when the consent names no actor and no period', () => {
    expect(ask([consent({ provision: { type: 'permit' } })])).toMatchObject({ permit: true });
  });

  it('permits on the last day of the period, whole', () => {
    expect(ask([consent()], { now: new Date('2026-12-31T23:00:00Z') })).toMatchObject({ permit: true });
  });

  it.each<[string, Consent[], Partial<ConsentQuestion>, string]>([
    ['there is no consent', [], {}, 'Aucun consentement'],
    ['the consent is another patient’s', [consent()], { patient: 'Patient/p2' }, 'Aucun consentement'],
    ['the consent is inactive', [consent({ status: 'inactive' })], {}, 'pas actif'],
    ['the period is over', [consent()], { now: new Date('2027-01-01T00:00:00Z') }, 'expiré'],
    ['the period has not begun', [consent()], { now: new Date('2025-12-31T23:59:59Z') }, 'pas encore'],
    ['the actor is somebody else', [consent()], { recipient: { name: 'X', keys: ['a|b'] } }, 'ne couvre pas'],
    [
      'only the beginning of the name is alike',
      [consent()],
      { recipient: { name: 'X', keys: [`${network}|coreso-le-vinatier-bis`] } },
      'ne couvre pas',
    ],
    ['the purpose is research', [provision({ purpose: [{ ...care, code: 'HRESCH' }] })], {}, 'finalité'],
    ['the patient denied', [provision({ type: 'deny' })], {}, 'oppose'],
    ['there is no provision', [consent({ provision: {} })], {}, 'n’autorise rien'],
    ['one consent permits and another denies', [consent(), provision({ type: 'deny' })], {}, 'oppose'],
    ['an inner provision denies the recipient', [provision({ provision: [{ type: 'deny' }] })], {}, 'oppose'],
    [
      'a denial names somebody whom nothing identifies',
      [consent(), provision({ type: 'deny', actor: [{ role: {}, reference: { display: 'Dr ESSAI' } }] })],
      {},
      'rien n’identifie',
    ],
    [
      'an inner denial names somebody whom nothing identifies',
      [provision({ provision: [{ type: 'deny', actor: [{ role: {}, reference: {} }] }] })],
      {},
      'rien n’identifie',
    ],
  ])('refuses when %s', (_case, consents, change, words) => {
    const decision = ask(consents, change);
    expect(decision.permit).toBe(false);
    expect(decision.permit ? '' : decision.reason).toContain(words);
    expect(decision.permit ? '' : decision.obtain).not.toBe('');
  });

  it('permits when one of several consents does', () => {
    expect(ask([consent({ id: 'old', status: 'inactive' }), consent({ id: 'new' })])).toEqual({
      permit: true,
      consentId: 'new',
    });
  });

  it('is denied by default: whatever the consents, none that is inactive or foreign ever permits', () => {
    const any = fc.record({
      status: fc.constantFrom('draft', 'proposed', 'rejected', 'inactive', 'entered-in-error'),
      patient: fc.constantFrom('Patient/p1', 'Patient/p2', 'urn:uuid:0'),
      type: fc.constantFrom('permit', 'deny'),
    });
    fc.assert(
      fc.property(fc.array(any), (list) => {
        const consents = list.map(({ status, patient, type }) =>
          consent({
            status: status as Consent['status'],
            patient: { reference: patient },
            provision: { type: type as 'permit' },
          }),
        );
        expect(ask(consents).permit).toBe(false);
      }),
    );
  });
});
