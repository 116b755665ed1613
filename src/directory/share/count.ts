/** Specialists counted in the held directory: people in use who have a self-employed activity of the speciality there. */
import type { PractitionerRole } from '../../fhir/types.ts';
import type { Repositories } from '../../store/store.ts';
import { resourceOf } from '../resource.ts';
import type { Count, Share, ShareQuestion, ShareRules } from './types.ts';

type Reading = Pick<Repositories, 'directory' | 'directorySearch'>;

/** Activities of one speciality and territory that are read; where there are more, nothing is counted. */
const mostRoles = 20_000;

/** Answers each question; what the directory holds nothing of, or knows no territory for, stays without a count. */
export async function countShares(
  store: Reading,
  questions: readonly ShareQuestion[],
  rules: ShareRules,
  partsOf: (commune: string) => readonly string[],
): Promise<Share[]> {
  const shares: Share[] = [];
  for (const { area, ...question } of questions) {
    const counted = area && (await count(store, { ...question, area }, rules, partsOf));
    shares.push({ ...question, ...(counted ? { counted } : {}) });
  }
  return shares;
}

async function count(
  store: Reading,
  { speciality, members, area }: ShareQuestion & { area: NonNullable<ShareQuestion['area']> },
  { exercise }: ShareRules,
  partsOf: (commune: string) => readonly string[],
): Promise<Count | undefined> {
  const roles = await store.directorySearch.activeRoles({
    codes: [`${speciality.system}|${speciality.code}`],
    communes: area.communes.flatMap((commune) => [commune, ...partsOf(commune)]),
    departments: area.departments,
    limit: mostRoles + 1,
  });
  if (roles.length === 0 || roles.length > mostRoles) return undefined;
  const selfEmployed = roles.filter((row) =>
    ((resourceOf(row) as unknown as PractitionerRole).code ?? []).some(({ coding = [] }) =>
      coding.some(({ system, code }) => system === exercise.system && exercise.codes.includes(code ?? '')),
    ),
  );
  const keys = [...new Set(selfEmployed.flatMap(({ practitioner }) => practitioner ?? []))];
  const people = await store.directorySearch.byIdentity(['Practitioner'], keys);
  const gone = new Set(
    people.filter(({ state }) => state === 'closed' || state === 'vanished').map(({ key }) => key),
  );
  const territory = keys.filter((key) => !gone.has(key)).length;
  if (territory === 0) return undefined;
  const sources = [...new Set(selfEmployed.map(({ source }) => source))].sort();
  const dates = (await store.directory.sources())
    .filter(({ id, asOf }) => sources.includes(id) && asOf)
    .map(({ asOf }) => asOf!.toISOString().slice(0, 10));
  const date = dates.sort()[0];
  return { members, territory, source: sources.join(', '), ...(date ? { date } : {}) };
}
