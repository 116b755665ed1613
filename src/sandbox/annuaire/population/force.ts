/** What a scenario makes happen on a day. */
import { close, retire, rolesOf, type Today } from './close.ts';
import { findRecords } from './find.ts';
import { merge, moveRole, recreateRole, relocate, reload, renameStructure, shut } from './happen.ts';
import { addRole, isOpen } from './make.ts';
import { tableOf } from './state.ts';
import { communes } from './tables.ts';
import type { ForcedEvent, ServedType } from './types.ts';

/** Counts it as `forced`, or as `unknown` when nobody open has the identifier (or the commune is none of ours). */
export function force(today: Today, event: ForcedEvent): void {
  const done = apply(today, event);
  if (done) today.told.forced += 1;
  else today.told.unknown += 1;
}

function apply(today: Today, event: ForcedEvent): boolean {
  switch (event.kind) {
    case 'reload':
      today.told.reload += 1;
      reload(today);
      return true;
    case 'platform':
      today.told.platform += 1;
      return true;
    case 'close':
      return each(today, event.type, event.identifier, (index) => {
        if (event.type === 'Organization') shut(today, index, event.stub ?? true);
        else close(today, event.type, index, event.stub ?? true);
      });
    case 'rename':
      return each(today, 'Organization', event.identifier, (index) =>
        renameStructure(today, index, event.name),
      );
    case 'relocate': {
      const commune = communes.findIndex(({ code }) => code === event.commune);
      if (event.commune !== undefined && commune < 0) return false;
      const to = event.commune === undefined ? undefined : commune;
      return each(today, 'Organization', event.identifier, (index) => relocate(today, index, to));
    }
    case 'retire':
      return each(today, 'Practitioner', event.identifier, (index) => retire(today, index));
    case 'move':
      return moveTo(today, event.identifier, event.to);
    case 'recreate':
      return each(today, 'Practitioner', event.identifier, (person) => {
        for (const role of openRoles(today, person)) recreateRole(today, role);
      });
    case 'merge': {
      const into = firstOpen(today, 'Organization', event.into);
      const from = firstOpen(today, 'Organization', event.from);
      if (into === undefined || from === undefined || from === into) return false;
      merge(today, from, into);
      return true;
    }
  }
}

/** The person's newest open role goes there; somebody without one gets one. */
function moveTo(today: Today, identifier: string, to: string | undefined): boolean {
  const structure = to === undefined ? undefined : firstOpen(today, 'Organization', to);
  if (to !== undefined && structure === undefined) return false;
  return each(today, 'Practitioner', identifier, (person) => {
    const role = openRoles(today, person)[0];
    if (role === undefined) addRole(today.state, person, structure);
    else moveRole(today, role, structure);
  });
}

function openRoles(today: Today, person: number): number[] {
  return rolesOf(today.state, person).filter((role) => isOpen(today.state.roles, role));
}

function openWith(today: Today, type: ServedType, identifier: string): number[] {
  const table = tableOf(today.state, type);
  return findRecords(today.state, type, identifier).filter((index) => isOpen(table, index));
}

function firstOpen(today: Today, type: ServedType, identifier: string): number | undefined {
  return openWith(today, type, identifier)[0];
}

function each(today: Today, type: ServedType, identifier: string, act: (index: number) => void): boolean {
  const indexes = openWith(today, type, identifier);
  for (const index of indexes) act(index);
  return indexes.length > 0;
}
