/** Contained resources: named by their container or naming it, each under an id of its own. */
import { describe, expect, it } from '@jest/globals';
import { patient, verdictOn } from './resources.ts';

const inner = { resourceType: 'Organization', id: 'a', name: 'CH' };
const named = { managingOrganization: { reference: '#a' } };
const provenance = {
  resourceType: 'Provenance',
  id: 'p',
  target: [{ reference: '#' }],
  recorded: '2020-01-01T00:00:00Z',
  agent: [{ who: { display: 'x' } }],
};

describe('a contained resource', () => {
  it.each([
    ['that is referred to is accepted', { contained: [inner], ...named }, []],
    ['that refers to its container is accepted', { contained: [provenance] }, []],
    [
      'that another one refers to is accepted',
      { contained: [inner, { ...inner, id: 'b', partOf: { reference: '#a' } }], managingOrganization: { reference: '#b' } },
      [],
    ],
    ['that nothing refers to is refused', { contained: [inner] }, ['Patient.contained[0] error']],
    ['without id is refused', { contained: [{ resourceType: 'Organization', name: 'CH' }] }, ['Patient.contained[0] error']],
    ['with the id of another is refused', { contained: [inner, inner], ...named }, ['Patient.contained[1] error']],
    ['that is not there is missed', named, ['Patient.managingOrganization error']],
  ])('%s', (_what, more, issues) => {
    expect(verdictOn(patient(more))).toEqual(issues);
  }); // prettier-ignore
});
