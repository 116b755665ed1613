/** Which shares a network is to know of, read off the resources it publishes. */
import { networkSystem } from '../../fhir/names.ts';
import type {
  CodeableConcept,
  Coding,
  Extension,
  HealthcareService,
  Location,
  Organization,
  PractitionerRole,
} from '../../fhir/types.ts';
import { canonicalBase } from '../../fhir/names.ts';
import type { MappedResource } from '../../mapping/types.ts';
import type { Count, ShareQuestion, ShareRules } from './types.ts';

const declaredUrl = `${canonicalBase}/StructureDefinition/pas-specialist-share`;
const communesUrl = `${canonicalBase}/StructureDefinition/pas-communes`;

/** One question for each speciality of a network whose type is counted; none for other networks. */
export function shareQuestions(
  network: string,
  resources: readonly MappedResource[],
  rules: ShareRules,
): ShareQuestion[] {
  const key = `${networkSystem}|${network}`;
  const own = resources.find((one) => one.type === 'Organization' && one.key === key);
  if (!own) return [];
  const organization = own.body as unknown as Organization;
  if (!(organization.type ?? []).some((type) => has(type, rules.networks))) return [];
  const declared = (organization.extension ?? []).filter(({ url }) => url === declaredUrl);
  const named = all<HealthcareService>(resources, 'HealthcareService').flatMap((one) => one.specialty ?? []);
  const specialities = new Map<string, { coding: Coding; text: string }>();
  for (const concept of [...declared.map(specialityOf), ...named]) {
    const coding = concept?.coding?.find(({ system, code }) => system === rules.specialities && code);
    if (coding?.code) specialities.set(coding.code, { coding, text: concept?.text ?? coding.code });
  }
  const area = areaOf(all<Location>(resources, 'Location'), resources);
  const people = all<PractitionerRole>(resources, 'PractitionerRole').filter(
    ({ active, practitioner, code = [] }) =>
      active !== false && practitioner && !code.some((one) => has(one, rules.apart)),
  );
  return [...specialities].map(([code, { coding, text }]) => {
    const wanted = { system: coding.system!, codes: [code] };
    const said = declared.find((one) => has(specialityOf(one) ?? {}, wanted));
    const members = people.filter(({ specialty = [] }) => specialty.some((one) => has(one, wanted)));
    return {
      ...{ network, key, name: organization.name ?? network },
      speciality: { system: coding.system!, code, text },
      members: new Set(members.map(({ practitioner }) => practitioner!.reference)).size,
      ...(area ? { area } : {}),
      ...(said ? { declared: declaredCount(said) } : {}),
    };
  });
}

function all<T>(resources: readonly MappedResource[], type: string): T[] {
  return resources.filter((one) => one.type === type).map(({ body }) => body as unknown as T);
}

function has(
  { coding = [] }: CodeableConcept,
  { system, codes }: { system: string; codes: readonly string[] },
) {
  return coding.some((one) => one.system === system && one.code !== undefined && codes.includes(one.code));
}

function part(extension: Extension, name: string): Extension | undefined {
  return extension.extension?.find(({ url }) => url === name);
}

function specialityOf(extension: Extension): CodeableConcept | undefined {
  return part(extension, 'specialty')?.valueCodeableConcept;
}

function declaredCount(extension: Extension): Count {
  const { numerator, denominator } = part(extension, 'share')?.valueRatio ?? {};
  const date = part(extension, 'date')?.valueDate;
  return {
    members: numerator?.value ?? 0,
    territory: denominator?.value ?? 0,
    source: part(extension, 'source')?.valueString ?? '',
    ...(date === undefined ? {} : { date }),
  };
}

/** Communes where the territory names them, else whole départements: the last part of the key of a Location is its number. */
function areaOf(locations: readonly Location[], resources: readonly MappedResource[]): ShareQuestion['area'] {
  const communes = locations
    .flatMap(({ extension = [] }) => extension.filter(({ url }) => url === communesUrl))
    .flatMap(({ valueCoding }) => valueCoding?.code ?? []);
  if (communes.length) return { communes, departments: [] };
  const departments = resources
    .filter(({ type }) => type === 'Location')
    .map(({ key, body }) => ({
      code: key.split('/').at(-1)!.toUpperCase(),
      body: body as unknown as Location,
    }))
    .filter(({ code }) => /^([0-9]{2,3}|2[AB])$/.test(code));
  if (!departments.length || departments.some(({ body }) => body.description)) return undefined;
  return { communes: [], departments: departments.map(({ code }) => code) };
}
