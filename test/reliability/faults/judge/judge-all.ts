/** Everything at a hospital, whatever story it is of. */
import type { Caller } from '../../../../src/demo/http.ts';
import { splitKey } from '../../../../src/fhir/key.ts';
import { fillerOrderSystem } from '../../../../src/fhir/names.ts';
import type { Identifier } from '../../../../src/fhir/types.ts';
import { documentKey } from '../../../../src/document/document-reference.ts';
import { referralSystem } from '../../../../src/referral/names.ts';

/** Our identifiers that stand twice; how many Binaries nothing points to. */
export async function judgeAll(hospital: Caller): Promise<{ duplicated: string[]; orphans: number }> {
  const duplicated: string[] = [];
  const pointedTo = new Set<string>();
  for (const type of ownTypes) {
    const seen = new Set<string>();
    for (const resource of await hospital.all(`${type}?_count=200`)) {
      for (const match of JSON.stringify(resource['content'] ?? []).matchAll(/Binary\/([\w.-]+)/g))
        pointedTo.add(match[1]!);
      for (const { system, value } of (resource['identifier'] ?? []) as Identifier[]) {
        if (!ownSystems.has(system!)) continue;
        if (seen.has(`${system}|${value}`)) duplicated.push(`${type} ${value}`);
        seen.add(`${system}|${value}`);
      }
    }
  }
  const binaries = await hospital.all('Binary?_count=200');
  return { duplicated, orphans: binaries.filter(({ id }) => !pointedTo.has(id!)).length };
}

const ownSystems = new Set([referralSystem, fillerOrderSystem, splitKey(documentKey('')).system]);
const ownTypes = [
  ...[
    'Patient',
    'ServiceRequest',
    'Task',
    'CarePlan',
    'CareTeam',
    'Consent',
    'Condition',
    'DocumentReference',
  ],
];
