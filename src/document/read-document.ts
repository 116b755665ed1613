/** The bytes of a FHIR document as JSON, refused before anything is believed of them. */
import { parse } from 'secure-json-parse';
import { GatewayError } from '../fhir/error.ts';
import type { Issue } from '../fhir/issue.ts';
import { type BusinessKey, keyOf } from '../fhir/key.ts';
import type { AnyResource, Bundle, Coding, Composition } from '../fhir/types.ts';
import { closureIssues } from './closure.ts';

export type ReadDocument = {
  bundle: Bundle;
  composition: Composition;
  /** Bundle.identifier: one a version of a document (DOC-03). */
  key: BusinessKey;
  types: Coding[];
  /** Identifiers of the orders that the document answers (Composition.event.detail). */
  orderKeys: BusinessKey[];
  /** The Patient that the Composition is about. */
  patient: AnyResource;
};

/** Throws `invalid` for what is no JSON, `unprocessable` with all issues for what is no document (DOC-01, DOC-02). */
export function readDocument(bytes: Buffer): ReadDocument {
  const bundle = parsed(bytes);
  if (bundle.resourceType !== 'Bundle' || bundle.type !== 'document')
    throw refused('invalid', [
      issue('Bundle.type', 'Un document s’envoie comme Bundle de type « document ».'),
    ]);
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
  const details = (composition.event ?? []).flatMap(({ detail }) => detail ?? []);
  const orderKeys = details.map(({ identifier }) => keyOf(identifier));
  return {
    ...{ bundle, composition, key, patient: patient as unknown as AnyResource },
    types: composition.type?.coding ?? [],
    orderKeys: orderKeys.filter((one) => one !== undefined),
  };
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
  return new GatewayError({ category, side: 'sender', message: issues[0]!.message, issues });
}

function issue(expression: string, message: string): Issue {
  return { severity: 'error', code: 'invariant', message, expression };
}
