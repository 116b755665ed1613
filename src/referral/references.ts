/** References of a referral: each stays inside the Bundle or is logical; what only the sender can see is refused (P-22). */
import type { Issue } from '../fhir/issue.ts';
import { keysOf, splitKey } from '../fhir/key.ts';
import { parseKeyReference } from '../fhir/references.ts';
import type { AnyResource, Identifier, Reference } from '../fhir/types.ts';
import { at, type Part, type Parts, valuesOf } from './parts.ts';
import type { ReferralRules } from './rules.ts';
import { eachUnseen } from './unseen.ts';

/** What is told of a link that leads to one server only. */
export const unseenLink =
  'Le destinataire ne voit pas ce que désigne ce lien : joignez le contenu lui-même (data), ou un texte.';

/** Problems with references, links between entries and attachments, with their expressions. */
export function referenceIssues(parts: Parts, rules: ReferralRules): Issue[] {
  return [
    ...parts.all.flatMap((part) => leaks(part, parts)),
    ...parts.all.flatMap((part) => unseen(part, parts)),
    ...parts.all.flatMap((part) => missingLinks(part, parts, rules)),
    ...parts.all
      .filter(({ resource }) => resource.resourceType === 'DocumentReference')
      .flatMap((part) => attachmentIssues(part, parts)),
  ];
}

/**
 * The logical form of a reference: the identifier it has, the key of a conditional reference, or the first identifier
 * of the entry it points to (for a role without one, of its practitioner). Undefined when there is none.
 */
export function logical(reference: Reference, parts: Parts): Reference | undefined {
  const target = reference.reference === undefined ? undefined : parts.byUrl.get(reference.reference);
  const byKey = reference.reference === undefined ? undefined : parseKeyReference(reference.reference);
  const type = target?.resource.resourceType ?? byKey?.type ?? reference.type;
  const identifier =
    reference.identifier ??
    (byKey && splitKey(byKey.key)) ??
    (target && firstIdentifier(target.resource, parts));
  if (!identifier) return undefined;
  const { display } = reference;
  return { ...(type ? { type } : {}), identifier, ...(display ? { display } : {}) };
}

/** Keys of exactly whom a reference names; a role without an identifier of its own is its practitioner, there. */
export function keysNamed(reference: Reference, parts: Parts): string[] {
  const target = reference.reference === undefined ? undefined : parts.byUrl.get(reference.reference);
  const own = keysOf({ resourceType: 'Reference', identifier: reference.identifier });
  const named = [...own, ...(target ? keysOf(target.resource) : [])];
  const practitioner = target?.resource['practitioner'] as Reference | undefined;
  return named.length > 0 || !practitioner ? named : keysNamed(practitioner, parts);
}

/** Keys of the entry a reference points to and of the practitioner and organisation behind it, or of its identifier. */
export function keysBehind(reference: Reference | undefined, parts: Parts, depth = 0): string[] {
  if (!reference) return [];
  const target = reference.reference === undefined ? undefined : parts.byUrl.get(reference.reference);
  const own = keysOf({ resourceType: 'Reference', identifier: reference.identifier });
  if (!target || depth > 1) return own; // a role names a person and an organisation, no chain is longer
  const behind = ['practitioner', 'organization']
    .map((element) => target.resource[element] as Reference | undefined)
    .flatMap((next) => keysBehind(next, parts, depth + 1));
  return [...own, ...keysOf(target.resource), ...behind];
}

/** Calls back for every Reference object in a value, with its path below `path`. */
export function eachReference(
  value: unknown,
  path: string,
  visit: (reference: Reference, path: string) => void,
): void {
  if (Array.isArray(value)) return value.forEach((item, i) => eachReference(item, `${path}[${i}]`, visit));
  if (typeof value !== 'object' || value === null) return;
  if (typeof (value as Reference).reference === 'string') visit(value, path);
  for (const [name, child] of Object.entries(value)) eachReference(child, `${path}.${name}`, visit);
}

function leaks(part: Part, parts: Parts): Issue[] {
  const issues: Issue[] = [];
  eachReference(part.resource, at(part), (reference, path) => {
    const target = reference.reference!;
    if (target.startsWith('#') || parts.byUrl.has(target)) return;
    if (target.startsWith('urn:'))
      issues.push(error(path, 'Cette référence ne mène à aucune entrée du Bundle.', 'not-found'));
    else if (!logical(reference, parts))
      issues.push(
        error(path, 'Référence propre au serveur émetteur : joignez la ressource ou donnez son identifiant.'),
      );
  });
  return issues;
}

function unseen(part: Part, parts: Parts): Issue[] {
  const issues: Issue[] = [];
  eachUnseen(part.resource, at(part), (url, path) => {
    if (!parts.byUrl.has(url)) issues.push(error(path, unseenLink));
  });
  return issues;
}

function missingLinks(part: Part, parts: Parts, rules: ReferralRules): Issue[] {
  return rules.links
    .filter(({ type }) => type === part.resource.resourceType)
    .filter(({ element, to }) => {
      const targets = valuesOf(part.resource, element).map(
        (value) => parts.byUrl.get((value as Reference).reference ?? '')?.resource.resourceType,
      );
      return !targets.includes(to);
    })
    .map(({ element, to }) =>
      error(at(part, element), `Cet élément désigne l’entrée ${to} de l’adressage.`, 'required'),
    );
}

function attachmentIssues(part: Part, parts: Parts): Issue[] {
  return valuesOf(part.resource, 'content').flatMap((content, i) => {
    const url = (content as { attachment?: { url?: string } }).attachment?.url ?? '';
    if (parts.byUrl.get(url)?.resource.resourceType === 'Binary') return [];
    const message = 'Le contenu de la lettre est une entrée Binary du même Bundle.';
    return [error(at(part, `content[${i}].attachment.url`), message, 'required')];
  });
}

function firstIdentifier(resource: AnyResource, parts: Parts): Identifier | undefined {
  const [own] = valuesOf(resource, 'identifier') as Identifier[];
  if (own) return own;
  const practitioner = resource['practitioner'] as Reference | undefined;
  const person = parts.byUrl.get(practitioner?.reference ?? '')?.resource;
  return practitioner?.identifier ?? (person && (valuesOf(person, 'identifier') as Identifier[])[0]);
}

function error(expression: string, message: string, code: Issue['code'] = 'value'): Issue {
  return { severity: 'error', code, message, expression };
}
