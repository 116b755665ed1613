/** From query parameters to what is asked: what the table knows is used, the rest refused or ignored (CORE-11). */
import type { BusinessKey } from '../../fhir/key.ts';
import type { ServedCriterion, TextMode } from '../../store/served-criteria.ts';
import { malformed, refusal } from '../body/refusals.ts';
import type { SearchParameter, TypeRow } from '../table.ts';
import { readSearchDate, type SearchDate, updatedCriterion } from './search-dates.ts';
import { localReferenceOf, readToken, splitAlternatives, unescape } from './search-values.ts';

/** A parameter of the table with its values; what a value is depends on the form. */
export type AskedParameter = {
  parameter: SearchParameter;
  mode: TextMode;
  /** Unescaped, except tokens; references are `Type/id` of this endpoint. */
  values: string[];
  dates: SearchDate[];
  /** Of references: what is referred to, by business key, where it is known. */
  keys: { type: string; key: BusinessKey }[];
  /** Of identifiers without system: further systems that held ones may be of. */
  systems: readonly string[];
};

/** A search understood, and the pairs that made it, for the self link. */
export type SearchQuery = {
  asked: AskedParameter[];
  ids: (readonly string[])[];
  updated: (ServedCriterion & { kind: 'updated' })[];
  include: string[];
  revinclude: string[];
  total: 'none' | 'estimate' | 'accurate';
  used: [name: string, value: string][];
  count: number;
};

/** What compiling needs besides the parameters. */
export type SearchScope = {
  row: TypeRow;
  fhirBase: string;
  strict: boolean;
  /** Business key of a published or held resource by type and id. */
  keyOf: (type: string, id: string) => Promise<BusinessKey | undefined>;
  /** Systems of held identifiers of the type that no letter stands for. */
  systemsOf: (type: string) => Promise<readonly string[]>;
};

/** Parameters about the form of the answer, which is always the same here. */
const formal: ReadonlySet<string> = new Set(['_format', '_pretty', '_cursor']);
const modes: Readonly<Record<string, TextMode>> = { contains: 'contains', exact: 'exact' };
const totals: ReadonlySet<string> = new Set(['none', 'estimate', 'accurate']);

/** Largest and usual page. */
export const maxCount = 200;
const usualCount = 50;
/** Most values of one search. */
export const maxAlternatives = 200;

/**
 * Compiles a search. Throws `invalid` (400) for a value that cannot be read, for a modifier that is not served or a chain
 * (ignoring one would widen the search), and under `Prefer: handling=strict` for what the type does not have.
 */
export async function compileSearch(query: URLSearchParams, scope: SearchScope): Promise<SearchQuery> {
  const compiled: SearchQuery = {
    ...{ asked: [], ids: [], updated: [], include: [], revinclude: [], used: [] },
    ...{ total: 'estimate', count: usualCount },
  };
  let alternatives = 0;
  for (const [name, value] of query) {
    if (formal.has(name) || value === '') continue;
    const values = splitAlternatives(value);
    alternatives += name === '_count' ? 0 : values.length;
    if (alternatives > maxAlternatives)
      throw refusal('too-large', 'too-costly', `Recherche trop large : au plus ${maxAlternatives} valeurs.`);
    if (await understood(compiled, name, values, scope)) compiled.used.push([name, value]);
    else if (scope.strict)
      throw malformed(`Paramètre inconnu. ${scope.row.type} connaît : ${namesOf(scope.row)}.`);
  }
  return compiled;
}

/** `_count` as a number of resources, at most `maxCount`. Throws `invalid` (400). */
export function readCount(value: string | null): number {
  if (value === null) return usualCount;
  if (!/^\d{1,9}$/.test(value)) throw malformed(`_count illisible : un nombre, au plus ${maxCount}.`);
  return Math.min(Number(value), maxCount);
}

async function understood(
  compiled: SearchQuery,
  name: string,
  values: string[],
  scope: SearchScope,
): Promise<boolean> {
  const [first = ''] = values;
  switch (name) {
    case '_count':
      compiled.count = readCount(first);
      return true;
    case '_total':
      if (!totals.has(first)) throw malformed('_total : none, estimate ou accurate.');
      compiled.total = first as SearchQuery['total'];
      return true;
    case '_id':
      compiled.ids.push(values.map(unescape));
      return true;
    case '_lastUpdated':
      if (values.length !== 1)
        throw malformed('_lastUpdated prend une valeur ; répétez-le pour un intervalle.');
      compiled.updated.push(updatedCriterion(first));
      return true;
    case '_include':
      return offered(compiled.include, first, includesOf(scope.row));
    case '_revinclude':
      return offered(compiled.revinclude, first, scope.row.directory?.revinclude ?? []);
    default:
      return parameterAsked(compiled, name, values, scope);
  }
}

async function parameterAsked(
  compiled: SearchQuery,
  name: string,
  values: string[],
  scope: SearchScope,
): Promise<boolean> {
  const [plain = '', modifier, ...more] = name.split(':');
  const parameter = scope.row.search.find((candidate) => candidate.name === plain);
  const mode = modifier === undefined ? 'starts' : parameter?.form === 'text' ? modes[modifier] : undefined;
  if (!mode || more.length || name.includes('.'))
    throw malformed(
      'Modificateurs (hors :contains et :exact d’un texte) et chaînes ne sont pas pris en charge.',
    );
  if (!parameter) return false;
  compiled.asked.push(await askedOf(parameter, mode, values, scope));
  return true;
}

/** Reads the values of a parameter. Throws `invalid` (400) for one of another form. */
async function askedOf(
  parameter: SearchParameter,
  mode: TextMode,
  values: string[],
  { row, fhirBase, keyOf, systemsOf }: SearchScope,
): Promise<AskedParameter> {
  const asked: AskedParameter = { parameter, mode, values: [], dates: [], keys: [], systems: [] };
  switch (parameter.form) {
    case 'identifier': {
      const bare = values.map(readToken).some(({ system }) => system === undefined);
      return { ...asked, values, systems: bare && row.directory ? await systemsOf(row.type) : [] };
    }
    case 'coding':
    case 'concept':
      values.forEach(readToken);
      return { ...asked, values };
    case 'boolean':
      if (values.some((value) => value !== 'true' && value !== 'false'))
        throw malformed('Valeur attendue : true ou false.');
      return { ...asked, values };
    case 'date':
    case 'period':
      return { ...asked, dates: values.map((value) => readSearchDate(value, parameter.name)) };
    case 'reference': {
      const locals = values.map((value) => localReferenceOf(value, parameter, fhirBase));
      const known = locals.filter((local) => local !== undefined);
      const keys = await Promise.all(
        known.map(async (local) => {
          const [type, id] = local.split('/') as [string, string];
          const key = await keyOf(type, id);
          return key === undefined ? [] : [{ type, key }];
        }),
      );
      return { ...asked, values: known, keys: keys.flat() };
    }
    default:
      return { ...asked, values: values.map(unescape) };
  }
}

/** `Type:parameter`, as a client names what is to come along. */
export function includesOf({ type, directory }: TypeRow): string[] {
  return (directory?.include ?? []).map(({ name }) => `${type}:${name}`);
}

function offered(list: string[], value: string, offers: readonly string[]): boolean {
  if (!offers.includes(value)) return false;
  list.push(value);
  return true;
}

function namesOf(row: TypeRow): string {
  return ['_id', '_lastUpdated', '_count', '_total', ...row.search.map(({ name }) => name)].join(', ');
}
