/** Extensions stand where their definition lets them. */
import { describe, expect, it } from '@jest/globals';
import { canonicalBase } from '../../src/fhir/names.ts';
import { organization, patient, verdictOn } from './resources.ts';

const url = (name: string) => `${canonicalBase}/StructureDefinition/${name}`;
const description = { url: url('pas-description'), valueMarkdown: 'x' };

describe('an extension', () => {
  it.each([
    ['on the type of its context is accepted', organization({ extension: [description] }), []],
    ['on another type is refused', patient({ extension: [description] }), ['Patient.extension[0] error']],
    ['on an element of that type is refused', organization({ address: [{ extension: [description] }] }), ['Organization.address[0].extension[0] error']],
    ['on a primitive is refused', organization({ _name: { extension: [description] } }), ['Organization.name.extension[0] error']],
    ['that does not change the meaning is no modifier', organization({ modifierExtension: [description] }), ['Organization.modifierExtension[0] error']],
    ['that nobody knows is passed on', organization({ extension: [{ url: 'https://a.example/x', valueString: 'x' }] }), ['Organization.extension[0] warning']],
  ])('%s', (_what, resource, issues) => {
    expect(verdictOn(resource)).toEqual(issues);
  }); // prettier-ignore
});
