/** Everything about a referral that can be told from the request alone. */
import { hasCoding } from '../fhir/coding.ts';
import { type BusinessKey, keyOf } from '../fhir/key.ts';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import { isPdf } from '../fhir/pdf.ts';
import type { AnyResource, Identifier, Patient } from '../fhir/types.ts';
import { codeIssues } from './codes.ts';
import type { Validate } from './context.ts';
import { profileUrl } from './names.ts';
import { at, type Part, type Parts, partsOf, readParts, thePart, valuesOf } from './parts.ts';
import { insMisplaced, insOf, leaksIns } from './patient.ts';
import { referenceIssues } from './references.ts';
import { refused } from './refuse.ts';
import type { ExchangeRules, IdentityRules, ReferralRules } from './rules.ts';
import { binaryContent } from './stored.ts';

/** Entries and the placer's order key, enough to recognise a repeated request. Throws what makes that impossible. */
export function recognise(
  bundle: AnyResource,
  rules: ReferralRules,
): { parts: Parts; orderKey: BusinessKey } {
  const { parts, issues } = readParts(bundle, rules);
  if (hasErrors(issues))
    throw refused(issues, bundle['type'] === 'transaction' ? 'unprocessable' : 'invalid');
  const order = thePart(parts, 'ServiceRequest');
  const identifiers = valuesOf(order.resource, 'identifier') as Identifier[];
  const placers = identifiers.filter(({ type }) => hasCoding(type, rules.identifierTypes.placer));
  const orderKey = [...placers, ...identifiers].map(keyOf).find(Boolean);
  if (orderKey) return { parts, orderKey };
  const message =
    'La demande porte un identifiant de son émetteur (system et value) : il évite les doublons.';
  throw refused([{ severity: 'error', code: 'required', message, expression: at(order, 'identifier') }]);
}

/** Profiles, codes, references, contents: all faults at once. */
export function contentIssues(
  parts: Parts,
  { referral: rules, identity }: ExchangeRules,
  validate: Validate,
  now: Date,
): Issue[] {
  return [
    ...parts.all.flatMap((part) => profileIssues(part, rules, validate)),
    ...codeIssues(parts, rules),
    ...referenceIssues(parts, rules),
    ...partsOf(parts, 'Binary')
      .filter(({ resource }) => !binaryContent(resource))
      .map(unreadable),
    ...partsOf(parts, 'Binary').filter(isFalsePdf).map(falsePdf),
    ...insIssues(parts, identity, now),
    ...partsOf(parts, 'Patient')
      .filter((part) => hasSeveralIns(part, now))
      .map(ambiguous),
    ...partsOf(parts, 'Patient').filter(isMerged).map(merged),
    ...parts.all.filter(({ resource }) => resource['contained'] !== undefined).map(nested),
  ];
}

/** Issues name elements from their own resource; in a Bundle they start from its entry. */
function profileIssues(part: Part, rules: ReferralRules, validate: Validate): Issue[] {
  const type = part.resource.resourceType;
  const profile = rules.entries[type]?.profile;
  return validate(part.resource, profile ? [profileUrl(profile)] : []).map((issue) => {
    const inside = issue.expression?.replace(new RegExp(`^${type}\\.?`), '');
    return { ...issue, expression: at(part, inside) };
  });
}

/** What the profile says of Patient.identifier holds for every other place where an INS could stand. */
function insIssues(parts: Parts, identity: IdentityRules, now: Date): Issue[] {
  const patient = thePart(parts, 'Patient').resource as unknown as Patient;
  return parts.all.flatMap((part) => {
    const { identifier, ...elsewhere } = part.resource;
    const isPatient = part.resource.resourceType === 'Patient';
    if (!leaksIns(isPatient ? elsewhere : { identifier, ...elsewhere }, patient, identity, now)) return [];
    return [{ severity: 'error', code: 'business-rule', message: insMisplaced, expression: at(part) }];
  });
}

function hasSeveralIns({ resource }: Part, now: Date): boolean {
  return insOf(resource as unknown as Patient, now).length > 1;
}

function ambiguous(part: Part): Issue {
  const message =
    'Ce patient porte plusieurs matricules INS : gardez celui de son identité qualifiée, retirez l’autre ou dites-le ' +
    'ancien (use « old », ou period.end).';
  return { severity: 'error', code: 'business-rule', message, expression: at(part, 'identifier') };
}

/** The record that was kept is the patient; what is said under the other one would be found by nobody. */
function isMerged({ resource }: Part): boolean {
  return (resource as unknown as Patient).link?.some(({ type }) => type === 'replaced-by') ?? false;
}

function merged(part: Part): Issue {
  const message =
    'Ce dossier patient a été fusionné dans un autre (link « replaced-by ») : envoyez la demande sous le dossier conservé.';
  return { severity: 'error', code: 'business-rule', message, expression: at(part, 'link') };
}

function unreadable(part: Part): Issue {
  const message = 'Le contenu joint a un type (contentType) et des octets en base64 (data).';
  return { severity: 'error', code: 'value', message, expression: at(part, 'data') };
}

function isFalsePdf({ resource }: Part): boolean {
  const content = binaryContent(resource);
  return content?.contentType === 'application/pdf' && !isPdf(content.bytes);
}

function falsePdf(part: Part): Issue {
  const message =
    'Le contenu joint est annoncé comme PDF et n’en est pas un, ou il est tronqué : renvoyez-le.';
  return { severity: 'error', code: 'value', message, expression: at(part, 'data') };
}

function nested(part: Part): Issue {
  const message = 'Joignez chaque ressource comme entrée du Bundle, sans ressource contenue.';
  return { severity: 'error', code: 'not-supported', message, expression: at(part, 'contained') };
}
