/** Bundles: what their full URLs are, where references lead, and how long it takes to tell. */
import { describe, expect, it } from '@jest/globals';
import { checkBundle } from '../../src/validation/bundle.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { patient, verdictOn } from './resources.ts';

const urn = (n: number) => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const at = 'https://a.example/fhir/Patient/2';
const second = patient({ id: '2', active: true });
const version = (versionId: string) => ({ fullUrl: at, resource: { ...second, meta: { versionId } } });
const bundle = (entry: object[], type = 'collection') => ({ resourceType: 'Bundle', type, entry });
const refersTo = (reference: string) => patient({ generalPractitioner: [{ reference }] });

describe('a bundle', () => {
  it.each([
    ['of a resource under its URL is accepted', bundle([{ fullUrl: at, resource: second }]), []],
    ['without a full URL is refused', bundle([{ resource: second }]), ['Bundle.entry[0].fullUrl error']],
    ['with a relative one is refused', bundle([{ fullUrl: 'Patient/2', resource: second }]), ['Bundle.entry[0].fullUrl error']],
    ['with that of another id is refused', bundle([{ fullUrl: 'https://a.example/fhir/Patient/1', resource: second }]), ['Bundle.entry[0].fullUrl error']],
    ['with that of another type is refused', bundle([{ fullUrl: 'https://a.example/fhir/Group/2', resource: second }]), ['Bundle.entry[0].fullUrl error']],
    ['of two versions of one resource is accepted', bundle([version('1'), version('2')]), []],
    ['of one version twice is refused', bundle([version('1'), version('1')]), ['Bundle.entry[1].fullUrl error']],
    ['whose request names no URL yet is accepted', bundle([{ resource: second, request: { method: 'POST', url: 'Patient' } }], 'transaction'), []],
  ])('%s', (_what, resource, issues) => {
    expect(verdictOn(resource)).toEqual(issues);
  }); // prettier-ignore

  it('inside another has references between its own entries', () => {
    const inner = bundle([
      { fullUrl: urn(1), resource: refersTo(urn(2)) },
      { fullUrl: urn(2), resource: { resourceType: 'Practitioner', active: true } },
    ]);
    expect(verdictOn(bundle([{ fullUrl: urn(3), resource: inner }]))).toEqual([]);
    inner.entry.pop();
    expect(verdictOn(bundle([{ fullUrl: urn(3), resource: inner }]))).toEqual([
      'Bundle.entry[0].resource.entry[0].resource error',
    ]);
  });

  it('of many entries that refer to each other is judged in time that their number decides', () => {
    const entries = Array.from({ length: 20_000 }, (_none, n) => ({
      fullUrl: `https://a.example/fhir/Patient/${n}`,
      resource: { ...refersTo(`Practitioner/${n}`), id: String(n) },
    }));
    const start = process.cpuUsage().user;
    expect(checkBundle(bundle(entries) as unknown as AnyResource)).toEqual([]);
    expect(process.cpuUsage().user - start).toBeLessThan(3_000_000); // microseconds
  });
});
