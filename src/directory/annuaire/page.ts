/** What a page of a search holds: rows of the kind asked for, its total, and where it goes on. */
import { digestNumber } from '../../fhir/digest-table.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { isObject } from '../api/json.ts';
import type { Bundle } from './ask.ts';
import type { ServedKind } from './options.ts';

export type Page = {
  rows: AnyResource[];
  total?: number;
  /** As the server gave it; undefined when there is none, or an empty one. */
  next?: string;
  /** Digest of the ids, to tell a page that comes twice. */
  ids: number;
  issues: Issue[];
};

/** Rows of other kinds (includes, outcomes) are none of it. */
export function pageOf(kind: ServedKind, bundle: Bundle): Page {
  const entries: unknown[] = Array.isArray(bundle.entry) ? bundle.entry : [];
  const rows: AnyResource[] = [];
  let strange = 0;
  for (const entry of entries) {
    const resource = isObject(entry) ? entry['resource'] : undefined;
    const search = isObject(entry) ? entry['search'] : undefined;
    const included = isObject(search) && search['mode'] !== undefined && search['mode'] !== 'match';
    if (included) continue;
    if (isObject(resource) && resource['resourceType'] === kind) rows.push(resource as AnyResource);
    else strange += 1;
  }
  const { total } = bundle;
  const next = nextOf(bundle.link);
  return {
    ...{ rows, ids: digestNumber(rows.map(({ id }) => id ?? '').join('\n')) },
    ...(typeof total === 'number' && Number.isInteger(total) && total >= 0 ? { total } : {}),
    ...(next ? { next } : {}),
    issues: strange ? [strangeRows(kind, strange)] : [],
  };
}

function nextOf(link: unknown): string | undefined {
  const next = [link].flat().find((one) => isObject(one) && one['relation'] === 'next');
  const url = isObject(next) ? next['url'] : undefined;
  return typeof url === 'string' && url !== '' ? url : undefined;
}

function strangeRows(kind: ServedKind, count: number): Issue {
  return {
    severity: 'warning',
    code: 'structure',
    rule: 'directory-entry',
    expression: 'Bundle.entry.resource',
    message: `${count} entrée(s) de la page ne sont pas des ${kind} : elles sont laissées de côté.`,
  };
}
