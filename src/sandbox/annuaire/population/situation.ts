/** What a role, a care activity and a heavy device are. */
import { draw, fraction } from './chance.ts';
import { dateOf } from './calendar.ts';
import type { RoleFacts, SiteServiceFacts } from './facts.ts';
import { authorisationOf, situationOf } from './identify.ts';
import { standing } from './standing.ts';
import { level, past, type State } from './state.ts';
import { stream } from './streams.ts';
import { none } from './table.ts';
import { codes } from './tables.ts';

export function roleFacts(state: State, role: number): RoleFacts {
  const { columns } = state.roles;
  const person = columns.person[role]!;
  const structure = columns.structure[role]!;
  const profession = codes.professions[state.people.columns.profession[person]!]!;
  const pharmacist = profession.code === codes.pharmacist;
  const owned = structure !== none && state.structures.columns.level[structure] === level.practice;
  const epoch = columns.epoch[role]!;
  const liberal = owned || (pharmacist && fraction(state.seed, stream.mode, role) < 0.3);
  return {
    ...standing(state, 'PractitionerRole', state.roles, role),
    situation: situationOf(state, role),
    person,
    ...(structure !== none && { structure }),
    mode: liberal ? codes.modes.L : codes.modes.S,
    genre: codes.genre,
    function: codes.functions[(draw(state.seed, stream.role, role) + epoch) % codes.functions.length]!,
    ...(pharmacist && liberal && { section: codes.section }),
  };
}

export function serviceFacts(state: State, index: number): SiteServiceFacts {
  const structure = state.services.columns.structure[index]!;
  return {
    ...standing(state, 'HealthcareService', state.services, index),
    ...authorised(state, index, 'service'),
    structure,
    code: codes.activities[draw(state.seed, stream.activity, index) % codes.activities.length]!,
    modality: codes.modalities[draw(state.seed, stream.modality, index) % codes.modalities.length]!,
    form: codes.forms[draw(state.seed, stream.form, index) % codes.forms.length]!,
  };
}

export function deviceFacts(state: State, index: number): SiteServiceFacts {
  const structure = state.devices.columns.structure[index]!;
  return {
    ...standing(state, 'Device', state.devices, index),
    ...authorised(state, index, 'device'),
    structure,
    code: codes.equipment[draw(state.seed, stream.equipment, index) % codes.equipment.length]!,
    serial: `EMULE-${String(index).padStart(6, '0')}`,
  };
}

/** Authorised for seven years that began before the first day. */
function authorised(state: State, index: number, kind: 'service' | 'device') {
  const table = kind === 'service' ? state.services : state.devices;
  const site = table.columns.structure[index]!;
  const began = past - (draw(state.seed, stream.authorisationYear, index, kind === 'service' ? 0 : 1) % 900);
  return {
    authorisation: authorisationOf(site, index, kind),
    start: dateOf(state, began),
    end: dateOf(state, began + 2556),
  };
}
