/** Plain HTTP, as a hospital's own programs would speak it: no part of the gateway is between. */
import type { AnyResource } from '../fhir/types.ts';
import { notAsTold } from './not-as-told.ts';

export type Reply = { status: number; resource: AnyResource; etag: string | undefined };

/** One caller of one FHIR base. */
export type Caller = {
  get(path: string): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
  put(path: string, body: unknown, ifMatch?: string): Promise<Reply>;
  remove(path: string): Promise<Reply>;
  /** Every resource that a search finds, all pages. */
  all(path: string): Promise<AnyResource[]>;
  bytes(path: string, accept: string): Promise<Buffer>;
};

type BundlePage = { link?: { relation: string; url: string }[]; entry?: { resource: AnyResource }[] };

/** A caller, with basic credentials where they are needed. */
export function caller(base: string, credentials?: { user: string; password: string }): Caller {
  const authorization = credentials
    ? {
        authorization: `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`,
      }
    : {};
  const common = { accept: 'application/fhir+json', 'cache-control': 'no-cache', ...authorization };

  async function call(method: string, path: string, body?: unknown, ifMatch?: string): Promise<Reply> {
    const response = await fetch(path.startsWith('http') ? path : `${base}/${path}`, {
      method,
      headers: {
        ...common,
        ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      ...(body === undefined
        ? {}
        : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const resource = (text ? JSON.parse(text) : {}) as AnyResource;
    return { status: response.status, resource, etag: response.headers.get('etag') ?? undefined };
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body, ifMatch) => call('PUT', path, body, ifMatch),
    remove: (path) => call('DELETE', path),
    async all(path) {
      const found: AnyResource[] = [];
      for (let next: string | undefined = path; next;) {
        const { resource } = await call('GET', next);
        const page = resource as unknown as BundlePage;
        found.push(...(page.entry ?? []).map((entry) => entry.resource));
        next = page.link?.find(({ relation }) => relation === 'next')?.url;
      }
      return found;
    },
    async bytes(path, accept) {
      const response = await fetch(`${base}/${path}`, { headers: { ...common, accept } });
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

/** Asks until the answer is there; gives up after `limitMs`. */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  what: string,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw notAsTold(`attendu en vain : ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
