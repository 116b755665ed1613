import { GatewayError } from '../../../src/fhir/error.ts';
import type { AnyResource } from '../../../src/fhir/types.ts';
import { createMcsd } from '../../../src/directory/mcsd/create-mcsd.ts';
import type { McsdOptions } from '../../../src/directory/mcsd/options.ts';
import type { DirectorySource } from '../../../src/directory/types.ts';
import { createLog } from '../../../src/log.ts';
import type { Caller } from '../../../src/server/caller.ts';
import { busyClock } from '../busy-clock.ts';

export const base = 'https://region.example/fhir';

export type FakeServer = {
  call: Caller;
  asked: string[];
  /** Histories by kind, newest first, as pages of entries. */
  histories: Record<string, object[][]>;
  records: AnyResource[];
  tamper: ((path: string, body: Record<string, unknown>) => void) | undefined;
};

/** A server that answers search and type-level history, behind the caller that the gateway has for servers. */
export function fakeServer(records: AnyResource[], pageSize = 20): FakeServer {
  const server: FakeServer = {
    ...{ records, asked: [], histories: {}, tamper: undefined },
    async call({ path }) {
      server.asked.push(path);
      const url = new URL(path.startsWith('http') ? path : `${base}/${path}`);
      const body = answerTo(server, url, pageSize);
      if (!body) throw failure('not-found');
      server.tamper?.(path, body);
      return { status: 200, headers: new Headers({ date: 'Sun, 01 Nov 2026 02:00:00 GMT' }), body };
    },
  };
  return server;
}

export function failure(category: 'not-found' | 'gone' | 'unavailable' | 'invalid'): GatewayError {
  return new GatewayError({
    category,
    side: 'server',
    message: 'Serveur « region » : il ne répond pas comme attendu.',
  });
}

export function openMcsd(server: FakeServer, changes: Partial<McsdOptions> = {}): DirectorySource {
  const clock = { ...busyClock(), sleep: () => Promise.resolve() };
  const ids = { uuid: () => 'no', fraction: () => 0.5 };
  const options = {
    id: 'region',
    base,
    authority: [],
    call: server.call,
    clock,
    ids,
    log: createLog('silent'),
  };
  return createMcsd({ ...options, ...changes });
}

function answerTo(server: FakeServer, url: URL, pageSize: number): Record<string, unknown> | undefined {
  const [kind = '', id] = url.pathname.slice(new URL(base).pathname.length + 1).split('/');
  const page = Number(url.searchParams.get('page') ?? 0);
  const next = (more: boolean): object[] => {
    const link = new URL(url);
    link.searchParams.set('page', String(page + 1));
    return more ? [{ relation: 'next', url: link.href }] : [];
  };
  if (kind === 'metadata') {
    const types = [
      ...new Set([...server.records.map((one) => one.resourceType), ...Object.keys(server.histories)]),
    ];
    return { resourceType: 'CapabilityStatement', rest: [{ resource: types.map((type) => ({ type })) }] };
  }
  const bundle = { resourceType: 'Bundle', meta: { lastUpdated: '2026-11-01T02:00:00Z' } };
  if (id === '_history') {
    const pages = server.histories[kind] ?? [];
    return {
      ...bundle,
      type: 'history',
      link: next(page + 1 < pages.length),
      ...(pages[page]?.length ? { entry: pages[page] } : {}),
    };
  }
  const all = server.records.filter((one) => one.resourceType === kind);
  if (id) return all.find((one) => one.id === id);
  const rows = all.slice(page * pageSize, (page + 1) * pageSize).map((resource) => ({ resource }));
  return {
    ...bundle,
    type: 'searchset',
    total: all.length,
    link: next(all.length > (page + 1) * pageSize),
    entry: rows,
  };
}
