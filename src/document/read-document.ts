/** The bytes of a FHIR document as JSON, refused before anything is believed of them. */
import { parse } from 'secure-json-parse';
import { GatewayError } from '../fhir/error.ts';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import { keyOf } from '../fhir/key.ts';
import type { AnyResource, Bundle, Composition } from '../fhir/types.ts';
import { closureIssues } from './closure.ts';
import { type DocumentFacts, factsOf } from './facts.ts';

/** Facts of a FHIR document, and what it is made of. */
export type ReadDocument = DocumentFacts & { bundle: Bundle; composition: Composition };

/**
 * Throws `invalid` for what is no JSON, `unprocessable` with all issues for what is no document (DOC-01, DOC-02).
 * `validate` says whether the Bundle is FHIR at all, where nobody asked before. `read`: what somebody has parsed them as;
 * a large document is not parsed twice.
 */
export function readDocument(
  bytes: Buffer,
  validate: (bundle: AnyResource) => Issue[] = () => [],
  read?: AnyResource,
): ReadDocument {
  const bundle = (read as Bundle | undefined) ?? parsed(bytes);
  if (bundle.resourceType !== 'Bundle' || bundle.type !== 'document')
    throw refused('invalid', [
      issue('Bundle.type', 'Un document s’envoie comme Bundle de type « document ».'),
    ]);
  const faults = validate(bundle as unknown as AnyResource);
  if (hasErrors(faults)) throw refused('unprocessable', faults);
  const composition = bundle.entry?.[0]?.resource as Composition | undefined;
  const key = keyOf(bundle.identifier);
  const issues = [
    ...(key ? [] : [issue('Bundle.identifier', 'Le document porte un identifiant (system et value).')]),
    ...(bundle.timestamp ? [] : [issue('Bundle.timestamp', 'Le document porte la date de sa constitution.')]),
    ...(composition?.resourceType === 'Composition'
      ? []
      : [issue('Bundle.entry[0].resource', 'La première entrée d’un document est sa Composition.')]),
    ...closureIssues(bundle),
  ];
  if (issues.length > 0 || !key || !composition) throw refused('unprocessable', issues);

  const subject = composition.subject?.reference;
  const patient = bundle.entry?.find(({ fullUrl }) => fullUrl === subject)?.resource;
  if (patient?.resourceType !== 'Patient')
    throw refused('unprocessable', [
      issue('Bundle.entry[0].resource.subject', 'Le sujet du document est un Patient du même Bundle.'),
    ]);
  return { ...factsOf(bundle, composition, key, patient as unknown as AnyResource), bundle, composition };
}

function parsed(bytes: Buffer): Bundle {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
    if (typeof value === 'object' && value !== null) return value as Bundle;
  } catch {
    // what is wrong with it could quote the document: the answer below says enough
  }
  throw refused('invalid', [issue('Bundle', 'Le document n’est pas du JSON en UTF-8.')]);
}

function refused(category: 'invalid' | 'unprocessable', issues: Issue[]): GatewayError {
  return new GatewayError({ category, side: 'sender', message: firstError(issues), issues });
}

function firstError(issues: Issue[]): string {
  return (issues.find(({ severity }) => severity === 'error' || severity === 'fatal') ?? issues[0]!).message;
}

function issue(expression: string, message: string): Issue {
  return { severity: 'error', code: 'invariant', message, expression };
}
