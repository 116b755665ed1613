import { isUtf8 } from 'node:buffer';
import type { Issue, Position } from '../../fhir/issue.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { fileFault } from '../files/fault.ts';

export type Slice = {
  resources: { resource: AnyResource; place: Position }[];
  /** Entries without a resource: their `fullUrl`, where there is one. */
  empty: (string | undefined)[];
  /** When the server made it. */
  date: Date | undefined;
  issues: Issue[];
};

type Entry = { resource?: AnyResource; fullUrl?: unknown };

/** The resources of one Bundle. @throws GatewayError (invalid) for anything that is not one */
export function readSlice(file: string, bytes: Buffer): Slice {
  if (!isUtf8(bytes)) throw fileFault('invalid', { file, line: 1 }, 'la tranche n’est pas en UTF-8.');
  const bundle = parsed(file, bytes);
  if (bundle?.resourceType !== 'Bundle') {
    const message =
      'un Bundle est attendu : ce fichier n’est pas une tranche d’export du ROR. Rien n’en est repris.';
    throw fileFault('invalid', { file, line: 1 }, message);
  }
  const issues: Issue[] = [];
  const resources: Slice['resources'] = [];
  const empty: Slice['empty'] = [];
  const entries = Array.isArray(bundle['entry']) ? (bundle['entry'] as Entry[]) : [];
  entries.forEach((entry, index) => {
    const place: Position = { file, line: index + 1, column: 1, cell: `Bundle.entry[${index}]` };
    if (typeof entry?.resource?.resourceType === 'string')
      resources.push({ resource: entry.resource, place });
    else {
      empty.push(typeof entry?.fullUrl === 'string' ? entry.fullUrl : undefined);
      const message = 'Entrée sans ressource ; elle n’est pas reprise.';
      issues.push({ severity: 'warning', code: 'structure', rule: 'line:kind', message, source: place });
    }
  });
  return { resources, empty, date: dateOf(bundle), issues };
}

function parsed(file: string, bytes: Buffer): AnyResource | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as AnyResource;
  } catch (cause) {
    const message = 'la tranche n’est pas du JSON : elle a été coupée ou abîmée. Rien n’en est repris.';
    throw fileFault('invalid', { file, line: 1 }, message, cause);
  }
}

function dateOf(bundle: AnyResource): Date | undefined {
  const text = bundle.meta?.lastUpdated ?? bundle['timestamp'];
  const date = typeof text === 'string' ? new Date(text) : undefined;
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}
