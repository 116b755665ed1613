import type { DirectoryFinding } from '../findings/types.ts';
import type { Count, Share } from './types.ts';

/** A finding for each network that declares another share than the directory counts. */
export function shareFindings(shares: readonly Share[]): DirectoryFinding[] {
  const differing = shares.filter(
    ({ declared, counted }) =>
      declared &&
      counted &&
      (declared.members !== counted.members || declared.territory !== counted.territory),
  );
  return [...Map.groupBy(differing, ({ key }) => key)].map(([key, of]) => ({
    ...{
      kind: 'other-share' as const,
      network: of[0]!.network,
      type: 'Organization',
      key,
      name: of[0]!.name,
    },
    wrong: of.map(({ speciality, declared }) => countText(speciality.text, declared!)).join(' ; '),
    proposed: of.map(({ speciality, counted }) => countText(speciality.text, counted!)).join(' ; '),
  }));
}

/** `Psychiatrie : 3 sur 20 (Ordre, 2026-01-15)`. */
export function countText(speciality: string, { members, territory, source, date }: Count): string {
  return `${speciality} : ${members} sur ${territory} (${[source, date].filter(Boolean).join(', ')})`;
}
