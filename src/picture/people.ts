/** People of the network and its teams, such as an RCP: who sits there, or which seat waits for somebody. */
import type { CareTeam, Organization, Practitioner, PractitionerRole } from '../fhir/types.ts';
import { capital, inForce, periodText, textsOf } from './concepts.ts';
import type { Shown } from './shown.ts';
import { termsOf } from './team-terms.ts';
import type { Item, Section } from './types.ts';

/** A section for each team, then one of all people and posts. */
export function peopleSections(shown: Shown): Section[] {
  const teams = shown.all<CareTeam>('CareTeam').map((team): Section => {
    const note = [...textsOf(team.category), periodText(team.period)].filter((line) => line !== undefined);
    if (team.status === 'proposed') note.push('En projet');
    for (const { text } of team.note ?? []) note.push(text);
    return {
      heading: team.name ?? 'Équipe',
      note,
      style: 'team',
      items: seatsOf(team, shown),
      terms: termsOf(team.extension, shown.at),
    };
  });
  const people = shown.all<PractitionerRole>('PractitionerRole').map((role) => personOf(role, shown));
  if (!people.length) return teams;
  return [...teams, { heading: 'Professionnels', note: [], style: 'list', items: people }];
}

function seatsOf({ participant }: CareTeam, shown: Shown): Item[] {
  return (participant ?? [])
    .filter(({ period }) => inForce(period, shown.at))
    .flatMap(({ member, role }): Item[] => {
      const roles = textsOf(role);
      const name = nameOf(member, shown);
      if (name) return [{ title: name, lines: roles.filter((text) => text !== name), children: [] }];
      return roles.length ? [{ title: roles.join(', '), lines: [], children: [] }] : [];
    });
}

function nameOf(
  member: NonNullable<CareTeam['participant']>[number]['member'],
  shown: Shown,
): string | undefined {
  const found = shown.find<PractitionerRole | Organization | Practitioner>(member);
  if (!found) return member?.display;
  if (found.resourceType === 'Organization') return found.name;
  if (found.resourceType === 'Practitioner') return personName(found);
  return personOf(found, shown).title;
}

/** A person with what they do; a post without a name is called by its speciality or profession. */
function personOf(role: PractitionerRole, shown: Shown): Item {
  const texts = [...textsOf(role.code), ...textsOf(role.specialty)];
  const person = shown.find<Practitioner>(role.practitioner);
  const named = person && personName(person);
  const what = textsOf(role.specialty)[0] ?? texts[0] ?? 'Poste';
  const title = named ?? capital(what);
  const place =
    shown.keyIn(role.organization) === shown.network
      ? undefined
      : shown.find<Organization>(role.organization);
  const more = texts.filter((text) => text !== (named ?? what)).join('\u00a0· ');
  const lines = [more, place?.name ?? '', periodText(role.period) ?? ''];
  return { title, lines: lines.filter(Boolean), children: [] };
}

function personName({ name }: Practitioner): string | undefined {
  const { text, given, family } = name?.[0] ?? {};
  return text ?? ([...(given ?? []), family].filter(Boolean).join(' ') || undefined);
}
