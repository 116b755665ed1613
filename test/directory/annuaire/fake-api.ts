import type { Answer, Fetch } from '../../../src/directory/api/fetch.ts';
import type { AnyResource } from '../../../src/fhir/types.ts';
import { GatewayError } from '../../../src/fhir/error.ts';
import type { BusyClock } from '../busy-clock.ts';

export const base = 'https://annuaire.example/fhir/v2';

/** One request as it arrived; `page` counts from 1 within its search. */
export type Request = { url: URL; kind: string; page: number; at: number; headers: Record<string, string> };

/** `bundle` may be changed; an answer takes the place of it. */
export type Tamper = (
  request: Request,
  bundle: Record<string, unknown>,
) => Answer | 'reset' | undefined | void;

export type FakeApi = {
  fetch: Fetch;
  requests: Request[];
  /** Records served, in order. */
  records: AnyResource[];
  tamper: Tamper | undefined;
  /** Forgets all links, as a night does. */
  forget(): void;
};

/** The search of the national API as its documentation tells it, over a list; time passes only on the clock. */
export function fakeApi(
  records: AnyResource[],
  clock: BusyClock,
  latencyMs: (request: Request) => number = () => 60,
): FakeApi {
  const pages = new Map<string, { query: URL; kind: string; page: number; rows: AnyResource[] }>();
  const api: FakeApi = {
    ...{ records, requests: [], tamper: undefined },
    forget: () => pages.clear(),
    async fetch(address, { headers, signal }) {
      signal.throwIfAborted();
      const url = new URL(address);
      const held = pages.get(url.searchParams.get('id') ?? '');
      const kind = held?.kind ?? url.pathname.split('/').at(-1)!;
      const page = held?.page ?? 1;
      const request = { url, kind, page, at: clock.now(), headers };
      api.requests.push(request);
      await clock.sleep(latencyMs(request), signal);
      signal.throwIfAborted();
      const query = held?.query ?? url;
      if (url.pathname.endsWith('_page') && !held) return outcome(404);
      const found =
        held?.rows ??
        api.records.filter((one) => one.resourceType === kind && matches(one, url.searchParams));
      const count = Number(query.searchParams.get('_count') ?? 50);
      const rows = found.slice((page - 1) * count, page * count);
      const id = `${encodeURIComponent(query.search)}-${kind}-${page + 1}`;
      const more = found.length > page * count;
      if (more) pages.set(id, { query, kind, page: page + 1, rows: found });
      const bundle: Record<string, unknown> = {
        ...{ resourceType: 'Bundle', type: 'searchset', total: found.length },
        meta: { lastUpdated: new Date(clock.now()).toISOString() },
        link: more ? [{ relation: 'next', url: `${base}/_page?id=${encodeURIComponent(id)}` }] : [],
        entry: rows.map((resource) => ({ resource, search: { mode: 'match' } })),
      };
      const other = api.tamper?.(request, bundle);
      if (other === 'reset') {
        throw new GatewayError({
          category: 'unavailable',
          side: 'directory',
          message: 'La connexion se rompt.',
        });
      }
      return other ?? answer(200, JSON.stringify(bundle));
    },
  };
  return api;
}

export function answer(status: number, body = '', headers: Record<string, string> = {}): Answer {
  const type = { 'content-type': 'application/fhir+json;charset=UTF-8' };
  return { status, headers: new Headers({ ...type, ...headers }), body: Buffer.from(body) };
}

export function outcome(status: number): Answer {
  return answer(
    status,
    '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing"}]}',
  );
}

function matches(resource: AnyResource, query: URLSearchParams): boolean {
  return [...query].every(([name, value]) => {
    const updated = resource.meta!.lastUpdated!;
    const text = (word: unknown): boolean => typeof word === 'string' && plain(word).startsWith(plain(value));
    switch (name) {
      case '_count':
      case '_total':
        return true;
      case '_lastUpdated':
        return value.startsWith('ge')
          ? Date.parse(updated) >= Date.parse(value.slice(2))
          : updated.startsWith(value.slice(2));
      case 'active':
        return String(resource['active']) === value;
      case 'name':
        return text(resource['name']);
      case 'family':
        return text((resource['name'] as { family: string }[] | undefined)?.[0]?.family);
      case 'address-postalcode':
        return ((resource['address'] ?? []) as { postalCode?: string }[]).some((one) => text(one.postalCode));
      case 'role':
        return ((resource['code'] as { coding: { code: string }[] }[] | undefined) ?? []).some(({ coding }) =>
          coding.some(({ code }) => code === value),
        );
      case 'practitioner':
        return value
          .split(',')
          .includes((resource['practitioner'] as { reference: string } | undefined)?.reference ?? '');
      default:
        throw new RangeError(`the test does not know ${name}`);
    }
  });
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
