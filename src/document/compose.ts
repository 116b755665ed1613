/** A FHIR document out of what a person wrote in a file: same content, same bytes (RFC 8785). Pure. */
import canonicalize from 'canonicalize';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import { checkContent, type DocumentContent } from './content.ts';
import { documentParts } from './composition.ts';
import { type DocumentRules, profileUrl } from './rules.ts';

/** `bytes` are there when no issue is an error. */
export type Composed = { bytes?: Buffer; issues: Issue[] };

/** Messages name the fields of the file, in French. */
export function composeDocument(content: unknown, rules: DocumentRules): Composed {
  const issues = checkContent(content, rules);
  if (hasErrors(issues)) return { issues };
  const known = content as DocumentContent;
  const bundle = {
    resourceType: 'Bundle',
    meta: { profile: [profileUrl(rules.bundleProfile)] },
    type: 'document',
    identifier: known.identifiant,
    timestamp: known.date,
    entry: documentParts(known, rules),
  };
  return { bytes: Buffer.from(canonicalize(bundle)!, 'utf8'), issues };
}
