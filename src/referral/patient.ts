/** Identity of a patient as it crosses servers (identity.md, RNIV): what may travel, what may match. */
import { isAfter } from '../consent/period.ts';
import { insSystems } from '../fhir/identifiers.ts';
import { type BusinessKey, keyOf, splitKey } from '../fhir/key.ts';
import { parseKeyReference } from '../fhir/references.ts';
import type { AnyResource, Patient } from '../fhir/types.ts';
import type { IdentityRules } from './rules.ts';

type Extension = NonNullable<Patient['extension']>[number];

/**
 * Matricules INS in force; a former one, as a NIA that a NIR followed, says `use: old` or a period that has ended. Of several,
 * nobody knows which is right.
 */
export function insOf({ identifier = [] }: Patient, now: Date): BusinessKey[] {
  const own = identifier.filter(
    ({ system = '', use, period }) =>
      insSystems.has(system) && use !== 'old' && !(period?.end && isAfter(now, period.end)),
  );
  return [...new Set(own.flatMap((one) => keyOf(one) ?? []))];
}

/** The only matricule INS of a patient whose identity is qualified and who has the five traits; else undefined. */
export function qualifiedIns(patient: Patient, rules: IdentityRules, now: Date): BusinessKey | undefined {
  if (!isQualified(patient, rules) || !traitsOf(patient, rules)) return undefined;
  const [only, ...others] = insOf(patient, now);
  return others.length > 0 ? undefined : only;
}

/** True when the same matricule, qualified on both sides, comes with the same five traits. */
export function samePerson(ours: Patient, theirs: Patient, rules: IdentityRules, now: Date): boolean {
  const ins = qualifiedIns(ours, rules, now);
  if (ins === undefined || ins !== qualifiedIns(theirs, rules, now)) return false;
  return traitsOf(ours, rules)!.join('\n') === traitsOf(theirs, rules)!.join('\n');
}

/**
 * True when birth dates or sexes say that two records are of two people, whatever number they share: numbers are
 * mistyped, and a provisional identity costs less than a stranger's record.
 */
export function contradicts(ours: Patient, theirs: Patient): boolean {
  const dates = [ours.birthDate, theirs.birthDate].filter((date) => date !== undefined);
  const sexes = [ours.gender, theirs.gender].filter((sex) => sex === 'male' || sex === 'female');
  const [one = '', other = ''] = dates;
  return (
    (dates.length === 2 && !one.startsWith(other) && !other.startsWith(one)) || new Set(sexes).size === 2
  );
}

/**
 * True when a matricule INS stands anywhere in the content (the Patient, a logical reference, an extension) that may
 * not leave: not the patient's, not in force, not qualified, or without its traits.
 */
export function leaksIns(content: unknown, patient: Patient, rules: IdentityRules, now: Date): boolean {
  const allowed = qualifiedIns(patient, rules, now);
  return insIn(content).some((ins) => ins !== allowed);
}

/** What is told where an INS stands beside the patient, and may not. */
export const insMisplaced =
  'L’INS ne circule que dans Patient.identifier, pour une identité qualifiée : retirez-la d’ici.';

/** True when a matricule INS stands anywhere in the content, whosever it is. */
export function holdsIns(content: unknown): boolean {
  return insIn(content).length > 0;
}

/** The Patient without matricules INS that may not leave: the gateway keeps none that it could only hide. */
export function withoutUnqualifiedIns(patient: Patient, rules: IdentityRules, now: Date): Patient {
  const { identifier = [], ...rest } = patient;
  const kept = identifier.filter((one) => !leaksIns(one, patient, rules, now));
  return { ...rest, ...(kept.length ? { identifier: kept } : {}) };
}

/** Keys of every identifier and conditional reference under an INS system, however deep; one without a value counts too. */
function insIn(content: unknown): string[] {
  if (typeof content === 'string') {
    const key = parseKeyReference(content)?.key;
    return key !== undefined && insSystems.has(splitKey(key).system) ? [key] : [];
  }
  if (typeof content !== 'object' || content === null) return [];
  const { system, value } = content as { system?: unknown; value?: unknown };
  const own = typeof system === 'string' && insSystems.has(system) ? [`${system}|${String(value)}`] : [];
  return [...own, ...Object.values(content).flatMap(insIn)];
}

/**
 * The Patient a hospital is given that does not know the patient: our key, the INS only when qualified, no other
 * hospital's number, no attending physician, nothing the sender's server alone can see.
 */
export function provisionalPatient(
  patient: Patient,
  key: BusinessKey,
  rules: IdentityRules,
  meta: AnyResource['meta'],
  now: Date,
): AnyResource {
  const ins = qualifiedIns(patient, rules, now);
  const insIdentifier = patient.identifier?.find(
    (identifier) => ins !== undefined && keyOf(identifier) === ins,
  );
  const travelling = Object.fromEntries(
    rules.travelling
      .map((element) => [element, (patient as unknown as AnyResource)[element]] as const)
      .filter(([, value]) => value !== undefined),
  );
  return {
    resourceType: 'Patient',
    ...(meta ? { meta } : {}),
    identifier: [splitKey(key), ...(insIdentifier ? [insIdentifier] : [])],
    active: true,
    ...travelling,
  };
}

/** Every status that is told: of two that disagree, the lesser one holds. */
function isQualified(patient: Patient, { reliability }: IdentityRules): boolean {
  const statuses = (patient.extension ?? [])
    .filter(({ url }) => url === reliability.extension)
    .flatMap((extension) => extension.extension ?? [])
    .filter(({ url }) => url === reliability.status);
  const isQualifiedStatus = ({ valueCoding }: Extension): boolean =>
    reliability.qualified.some(
      ({ system, code }) => system === valueCoding?.system && code === valueCoding?.code,
    );
  return statuses.length > 0 && statuses.every(isQualifiedStatus);
}

/** Birth name, given names, sex, date and place of birth, compared without case, accents and punctuation. */
function traitsOf(patient: Patient, { traits }: IdentityRules): string[] | undefined {
  const name = patient.name?.find(({ use }) => use === traits.birthName);
  const given = extensionOf(name?.extension, traits.givenNames)?.valueString ?? name?.given?.join(' ');
  const place = extensionOf(patient.extension, traits.birthPlace)?.valueAddress;
  const insee = extensionOf(place?.extension, traits.insee)?.valueCoding?.code;
  const all = [name?.family, given, patient.gender, patient.birthDate, insee];
  return all.every((trait): trait is string => trait !== undefined && trait !== '')
    ? all.map(plain)
    : undefined;
}

function extensionOf(list: Extension[] | undefined, url: string): Extension | undefined {
  return list?.find((extension) => extension.url === url);
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toUpperCase();
}
