/** An emulated directory for tests, and a reader of its API that knows nothing of its insides. */
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
} from '../../../src/sandbox/annuaire/emulator.ts';
import { createPopulation } from '../../../src/sandbox/annuaire/population/population.ts';
import type { PopulationOptions } from '../../../src/sandbox/annuaire/population/types.ts';

export const nothingWrong: NonNullable<PopulationOptions['quirks']> = {
  ...{ wrongDigit: 0, sameSiret: 0, sameFiness: 0, hidden: 0, vanish: 0, staleRole: 0 },
  ...{ lingering: 0, otherMailbox: 0, recreate: 0, reload: 0, platform: 0 },
};

export type Resource = {
  resourceType: string;
  id: string;
  meta: { lastUpdated: string; versionId: string; tag?: { code: string }[] };
  active?: boolean;
  identifier: { system: string; value: string; type?: { coding: { code: string }[] } }[];
  [element: string]: unknown;
};

export type Bundle = {
  resourceType: string;
  type: string;
  total?: number;
  link: { relation: string; url: string }[];
  entry?: { fullUrl: string; resource: Resource; search: { mode: string } }[];
  issue?: { code: string; diagnostics: string }[];
};

export type Reply = { status: number; headers: Headers; text: string; body: Bundle & Resource };

export type Emulated = {
  emulator: Emulator;
  /** Time of quotas and of the directory, ms; tests move it. */
  clock: { at: number };
  get(path: string, init?: RequestInit): Promise<Reply>;
  control(
    name: string,
    body?: unknown,
    method?: string,
  ): Promise<{ status: number; body: Record<string, unknown>; text: string }>;
};

/** No quotas and nothing wrong unless asked for; time stands still. */
export async function emulate(
  options: {
    population?: Partial<PopulationOptions>;
    scenario?: EmulatorOptions['scenario'];
    emulator?: Partial<EmulatorOptions>;
  } = {},
): Promise<Emulated> {
  const clock = { at: Date.parse('2026-01-05T00:00:00Z') };
  const emulator = await createEmulator({
    population: createPopulation({
      ...{ seed: 7, roles: 300, start: '2026-01-05', quirks: nothingWrong },
      ...options.population,
    }),
    clock: { now: () => clock.at },
    ...options.emulator,
    scenario: { quotas: { retryAfter: false }, ...options.scenario },
  });
  return {
    emulator,
    clock,
    async get(path, init = {}) {
      const url = path.startsWith('http') ? path : `${emulator.base}${path}`;
      const headers = {
        'ESANTE-API-KEY': emulator.key,
        ...(init.headers as Record<string, string> | undefined),
      };
      const response = await fetch(url, { redirect: 'manual', ...init, headers });
      const text = await response.text();
      const body = (text.startsWith('{') ? parsed(text) : {}) as Reply['body'];
      return { status: response.status, headers: response.headers, text, body };
    },
    async control(name, body, method = body === undefined ? 'GET' : 'POST') {
      const url = new URL(`/_emulator/${name}`, emulator.base);
      const response = await fetch(url, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: parsed(text) as Record<string, unknown>, text };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

export const nextOf = (page: Bundle): string | undefined =>
  page.link.find(({ relation }) => relation === 'next')?.url;

export const rowsOf = (page: Bundle): Resource[] =>
  (page.entry ?? []).filter(({ search }) => search.mode === 'match').map(({ resource }) => resource);

/** Every row of a search, page by page, as a naive client would read it; at most `most` pages. */
export async function readAll(emulated: Emulated, path: string, most = 500): Promise<Resource[]> {
  const found: Resource[] = [];
  let url: string | undefined = path;
  for (let page = 0; url !== undefined && page < most; page += 1) {
    const { status, body, text }: Reply = await emulated.get(url);
    if (status !== 200) throw new Error(`${status} ${text}`);
    found.push(...rowsOf(body));
    url = nextOf(body);
  }
  return found;
}
