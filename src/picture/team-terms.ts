/** What a standing team keeps to: its quorum, when it meets, what is presented to it (extensions of CareTeam). */
import { canonicalBase } from '../fhir/names.ts';
import type { Extension } from '../fhir/types.ts';
import { capital, inForce, textOf } from './concepts.ts';
import { timingText } from './sessions.ts';
import type { Item } from './types.ts';

const definitions = `${canonicalBase}/StructureDefinition`;

type Parts = ReadonlyMap<string, Extension>;

/** One item a line, under headings; sessions that are over on the day `at` are left out. */
export function termsOf(extensions: readonly Extension[] | undefined, at: string): Item[] {
  const partsOf = (name: string): Parts[] =>
    (extensions ?? [])
      .filter(({ url }) => url === `${definitions}/${name}`)
      .map(({ extension }) => new Map((extension ?? []).map((part) => [part.url, part])));
  return [
    ...partsOf('pas-team-quorum').map((parts) => term('Quorum', quorumText(parts))),
    ...partsOf('pas-team-session').map((parts) => term('Séances', sessionText(parts, at))),
    ...grouped(partsOf('pas-team-criterion').map(criterion)),
  ].filter(({ title }) => title);
}

function term(under: string, title: string): Item {
  return { title, under, lines: [], children: [] };
}

function quorumText(parts: Parts): string {
  const discipline = textOf(parts.get('discipline')?.valueCodeableConcept);
  const least = `${parts.get('minimum')?.valuePositiveInt ?? 0} au moins`;
  return discipline === undefined ? `Participants : ${least}` : `${discipline} : ${least}`;
}

function sessionText(parts: Parts, at: string): string {
  const timing = parts.get('timing')?.valueTiming ?? {};
  const end = timing.repeat?.boundsPeriod?.end;
  if (!inForce(end === undefined ? undefined : { end }, at)) return '';
  const when = timingText(timing, parts.get('rank')?.valuePositiveInt, at);
  if (!when) return '';
  const remote = parts.get('remote')?.valueBoolean;
  const where = [
    parts.get('place')?.valueString,
    remote === undefined ? undefined : remote ? 'visioconférence possible' : 'sur place seulement',
  ];
  return capital([when, ...where].filter(Boolean).join(', '));
}

function criterion(parts: Parts): Item {
  return term(
    textOf(parts.get('nature')?.valueCodeableConcept) ?? 'Critères',
    parts.get('text')?.valueString ?? '',
  );
}

/** Items of one heading beside each other, headings in the order in which they first come. */
function grouped(items: readonly Item[]): Item[] {
  return [...Map.groupBy(items, ({ under }) => under).values()].flat();
}
