/** The FHIR side: read, search by GET and POST, the next page, `/metadata`. No history and no write. */
import { type ServedType, servedTypes } from '../population/types.ts';
import { readSearch } from '../search/ask.ts';
import { withElements } from '../search/elements.ts';
import { type Bases, defaultCount, pageAt, type PageParts } from '../search/pages.ts';
import { SearchRefusal } from '../search/refusal.ts';
import type { Place } from '../search/token.ts';
import { type Answer, fhirJson, outcomeOf } from './answer.ts';
import { capabilityStatement } from './capability.ts';

export type PageLimits = {
  /** Rows of a page at most, and what happens above: fewer rows, or 400. */
  max: number;
  over: 'cap' | 'refuse';
  /** Days that `_lastUpdated` may go back. */
  windowDays: number;
};

export type FhirAsk = {
  method: string;
  segments: readonly string[];
  query: string;
  /** Body of a `_search` by POST. */
  form: string;
  accept: string;
  now: number;
  bases: Bases;
};

/** Answers one request, or throws SearchRefusal. */
export function answerFhir(parts: PageParts, limits: PageLimits, ask: FhirAsk): Answer {
  const { method, segments, query, now, bases } = ask;
  const [first, second, third] = segments;
  if (!/json|\*\/\*|^$/.test(ask.accept)) return outcomeOf(406, 'not-supported', 'Only JSON is served');
  if (segments.length === 0) {
    return outcomeOf(
      method === 'GET' ? 400 : 403,
      'processing',
      'Access denied: no operation on the whole system',
    );
  }
  if (first === 'metadata' && segments.length === 1)
    return onlyGet(method, { status: 200, body: capabilityStatement(bases.base, now) });
  if (first === '_page' && segments.length === 1) return method === 'GET' ? nextPage() : notAllowed();
  const type = servedTypes.find((one) => one === first);
  if (!type) {
    return outcomeOf(404, 'processing', `Unknown resource type. Served: ${servedTypes.join(', ')}`);
  }
  if (method === 'GET' && segments.length === 1) return firstPage(type, query);
  if (method === 'POST' && second === '_search' && segments.length === 2) {
    return firstPage(type, [query, ask.form].filter(Boolean).join('&'));
  }
  if (method === 'GET' && segments.length === 2 && !second!.startsWith('_')) return read(type, second!);
  if (segments.length > 2 && third !== '_history') return outcomeOf(404, 'not-found', 'No such address');
  return notAllowed();

  function firstPage(of: ServedType, text: string): Answer {
    const search = readSearch(of, text, { windowDays: limits.windowDays, now });
    const size = search.count ?? defaultCount;
    if (size > limits.max && limits.over === 'refuse') {
      throw new SearchRefusal(400, 'too-costly', `_count is at most ${limits.max}`);
    }
    const begun = parts.searches.begin(search, Math.min(size, limits.max));
    return paged({ search: begun.id, offset: 0, after: -1 });
  }

  function nextPage(): Answer {
    const place = parts.tokens.open(new URLSearchParams(query).get('id') ?? '');
    if (!place) throw new SearchRefusal(400, 'value', 'The id of the page is not one of ours');
    return paged(place);
  }

  function paged(place: Place): Answer {
    const page = pageAt(parts, parts.searches.get(place.search), place, now, bases);
    return { status: 200, headers: fhirJson, body: page.bundle, rows: page.rows, quirks: page.quirks };
  }

  function read(of: ServedType, id: string): Answer {
    const index = parts.population.indexOf(of, id);
    const entry = index === undefined ? undefined : parts.population.at(of, index);
    if (!entry?.served) return outcomeOf(404, 'not-found', `No ${of} has this id`);
    const elements = new URLSearchParams(query).get('_elements')?.split(',');
    return {
      status: 200,
      headers: { etag: `W/"${entry.versionId}"`, 'last-modified': new Date(entry.updatedAt).toUTCString() },
      body: withElements(entry.resource(), elements),
    };
  }
}

function onlyGet(method: string, answer: Answer): Answer {
  return method === 'GET' ? answer : notAllowed();
}

function notAllowed(): Answer {
  return {
    ...outcomeOf(
      405,
      'not-supported',
      'This directory is read and searched; nothing is written, no history is kept',
    ),
    headers: { allow: 'GET, POST' },
  };
}
