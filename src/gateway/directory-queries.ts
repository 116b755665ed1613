/** Questions to the held directory: who is there, and all that is known of one record. */
import { longKey, shortKey } from '../directory/keys.ts';
import { aliasesOf } from '../directory/match/aliases.ts';
import { resourceOf } from '../directory/resource.ts';
import { type Seen, seenOf } from '../directory/seen.ts';
import type { RecordDetail, RecordSummary } from '../directory/told.ts';
import { typedKeys } from '../directory/typed-key.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Operations } from '../operations.ts';
import type { FoundRecord } from '../store/directory-search.ts';
import { directoryRules } from './directory-rules.ts';
import type { Parts } from './parts.ts';

const kinds = ['Organization', 'Practitioner', 'PractitionerRole', 'HealthcareService', 'Location'];
const named = ['Organization', 'Practitioner'];
const usually = 50;

/** Finding and showing records. */
export function directoryQueries({
  store,
  knowledge,
}: Parts): Pick<Operations, 'directoryFind' | 'directoryShow'> {
  return {
    async directoryFind({ text, commune, limit = usually }) {
      const keys = typedKeys(text);
      const insee = commune === undefined ? undefined : communeOf(knowledge.folders.mappings, commune).insee;
      if (keys.length > 0) {
        const rows = await store.directorySearch.byIdentity(kinds, forms(keys));
        return rows.slice(0, limit).map(summaryOf);
      }
      const words = text.split(/\s+/).filter(Boolean);
      const where = insee === undefined ? {} : { commune: insee };
      return (await store.directorySearch.byName({ words, kinds: named, limit, ...where })).map(summaryOf);
    },

    async directoryShow({ key }) {
      const typed = typedKeys(key);
      const exact = await store.directorySearch.byIdentity(kinds, typed.length ? forms(typed) : [key]);
      if (exact.length === 0)
        throw new GatewayError({
          category: 'not-found',
          side: 'sender',
          message: 'Aucune fiche de l’annuaire sous cette clé.',
        });
      return detailOf(store, exact);
    },
  };
}

/** A commune as people type it. Throws `not-found` or `ambiguous`. */
export function communeOf(mappings: string, text: string): { insee: string; name: string } {
  const found = directoryRules(mappings).communes().ofText(text);
  if (found.length === 1) return found[0]!;
  const names = found.slice(0, 10).map(({ insee, name }) => `${name} (${insee})`);
  throw new GatewayError({
    ...{ category: found.length ? 'ambiguous' : 'not-found', side: 'sender', retryable: false },
    message: found.length
      ? `Plusieurs communes répondent à ce nom : ${names.join(', ')}. Donner le code INSEE.`
      : 'Commune inconnue du code officiel géographique : donner son code INSEE, ou son nom exact.',
  });
}

/** A key in all its forms: the FINESS of an idNatSt, the RPPS of an idNatPs and the other way round. */
function forms(keys: readonly string[]): string[] {
  return [...new Set(keys.flatMap((key) => aliasesOf(longKey(key))).map(shortKey))];
}

/** A row in a list. */
export function summaryOf(row: FoundRecord): RecordSummary {
  const { kind, key, name, state, source, commune, identifiers } = row;
  return {
    ...{ kind, key, name: name ?? '', state, source, identifiers: identifiers ?? [] },
    ...(commune ? { commune } : {}),
  };
}

async function detailOf(store: Parts['store'], rows: readonly FoundRecord[]): Promise<RecordDetail> {
  const sources = new Map((await store.directory.sources()).map((one) => [one.id, one]));
  const keys = [...new Set(rows.map(({ key }) => key))];
  const changes = await store.directorySearch.changes(keys);
  const dated = [...rows.map(({ created_run: run }) => run), ...changes.map(({ run }) => run)];
  const runs = await store.directorySearch.readings([...new Set(rows.map(({ source }) => source))], dated);
  const roles = [
    ...(await store.directorySearch.roles('practitioner', keys)),
    ...(await store.directorySearch.roles('organization', keys)),
  ];
  return {
    records: rows.map((row) => ({
      ...summaryOf(row),
      ...asOfSource(sources.get(row.source)?.asOf),
      ...seenDates(seenOf(row, runs, changes)),
      resource: resourceOf(row),
      ...(row.succeeds ? { succeeds: row.succeeds } : {}),
    })),
    history: changes.map(({ run, source, op, at }) => ({
      run,
      source,
      op,
      ...(at ? { at: at.toISOString() } : {}),
    })),
    succeededBy: (await store.directorySearch.successors(kinds, keys)).map(({ key }) => key),
    roles: roles.slice(0, 200).map(summaryOf),
  };
}

function seenDates({ first, last }: Seen): { firstSeen?: string; lastSeen?: string } {
  return {
    ...(first ? { firstSeen: first.toISOString() } : {}),
    ...(last ? { lastSeen: last.toISOString() } : {}),
  };
}

function asOfSource(asOf: Date | null | undefined): { asOf?: string } {
  return asOf ? { asOf: asOf.toISOString() } : {};
}
