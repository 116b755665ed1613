import { startHospital, type Hospital, type HospitalOptions } from '../../src/sandbox/hospital.ts';

/** What came back: status, headers, and the body as JSON when it is. */
export type Reply = { status: number; headers: Headers; body: Body };

/** As much of any answer's shape as the tests look at. */
export type Body = {
  resourceType?: string;
  id?: string;
  type?: string;
  total?: number;
  meta?: { versionId?: string; lastUpdated?: string; tag?: { code: string }[] };
  issue?: { code: string; diagnostics?: string }[];
  link?: { relation: string; url: string }[];
  entry?: {
    fullUrl?: string;
    resource?: Body;
    request?: { method: string; url: string };
    response?: { status: string; location?: string; etag?: string; lastModified?: string; outcome?: Body };
  }[];
  [element: string]: unknown;
};

/** A hospital and a plain way to talk to it: `say('PUT', 'Patient/a', body)`. */
export type Talk = {
  hospital: Hospital;
  say: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;
};

/** Starts a hospital for tests; everything but the name may be chosen. */
export async function talk(options: Partial<HospitalOptions> = {}): Promise<Talk> {
  const hospital = await startHospital({ name: 'Hôpital d’essai', ids: 'client', ...options });
  return {
    hospital,
    say: async (method, path, body, headers = {}) => {
      const url = path.startsWith('http') ? path : `${hospital.base}/${path}`;
      const response = await fetch(url, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: (text ? JSON.parse(text) : {}) as Body,
      };
    },
  };
}

/** A synthetic organisation with one identifier. */
export function organization(value: string, more: object = {}): Body {
  return {
    resourceType: 'Organization',
    identifier: [{ system: 'urn:essai', value }],
    name: `Structure ${value}`,
    ...more,
  };
}
