/** What the placer is shown of the outcome on the fulfiller's Task. */
import { expect, it } from '@jest/globals';
import type { Task } from '../../src/fhir/types.ts';
import { mirrored } from '../../src/referral/mirrored-task.ts';

const type = { text: 'Résultat' };
const ins = { system: 'urn:oid:1.2.250.1.213.1.4.10', value: '174129910000157' };
const facts = { output: true, reason: false, proposal: false, abort: false };
const hidden = { type, valueString: 'Résultat conservé par le destinataire (ville)' };

const shown = (output: object): unknown => {
  const theirs = { resourceType: 'Task', status: 'completed', intent: 'order', output: [output] };
  const own = { resourceType: 'Task', id: 't' };
  const task = mirrored(own, theirs as unknown as Task, 'ville', facts, new Date('2026-10-01'));
  return (task['output'] as unknown[])[0];
};

it.each<[string, object, object]>([
  ['a text', { type, valueString: 'Bilan normal' }, { type, valueString: 'Bilan normal' }],
  [
    'an address that is published',
    { type, valueUri: 'https://has.example/reco' },
    { type, valueUri: 'https://has.example/reco' },
  ],
  ['an INS', { type, valueIdentifier: ins }, hidden],
  [
    'a content at their server',
    { type, valueAttachment: { url: 'https://ville.example/fhir/Binary/1' } },
    hidden,
  ],
  ['an address at their server', { type, valueUrl: 'https://ville.example/fhir/Observation/1' }, hidden],
  [
    'a patient by INS',
    { type, valueReference: { type: 'Patient', reference: 'Patient/7', identifier: ins } },
    { type, valueReference: { type: 'Patient', display: hidden.valueString } },
  ],
])('%s is shown as far as it may cross', (_what, output, expected) => {
  expect(shown(output)).toEqual(expected);
});
