/** The emulated directory's content: makes a population and answers what is in it today. */
import { dateOf, dayOf } from './calendar.ts';
import { chain, rolesAt, rolesOf, sitesOf } from './close.ts';
import { findRecords } from './find.ts';
import { authorisationOf, finessOf, idNatStOf, rppsOf, situationOf } from './identify.ts';
import { live } from './live.ts';
import { personFacts } from './person.ts';
import { indexOfRemote, platformOn, remoteIdOf } from './remote.ts';
import { settle } from './settle.ts';
import { deviceFacts, roleFacts, serviceFacts } from './situation.ts';
import { createState, isServed, past, type State, tableOf } from './state.ts';
import { structureFacts } from './structure.ts';
import { never } from './table.ts';
import { codes } from './tables.ts';
import type { Entry, EntryFilter, Population, PopulationOptions, ServedType } from './types.ts';
import { entryOf, lastServed, shownOn } from './view.ts';

const most = 2_000_000;

/** Throws RangeError when an option is out of its range. */
export function createPopulation(options: PopulationOptions): Population {
  check(options);
  const state = createState(options);
  settle(state, options);
  const totals = new Map<ServedType, { day: number; changes: number; count: number }>();
  const has = (type: ServedType, index: number): boolean => index >= 0 && index < tableOf(state, type).size;
  return {
    seed: options.seed,
    startNumber: past,
    get day() {
      return dateOf(state, state.day);
    },
    get dayNumber() {
      return state.day;
    },
    get quirks() {
      return state.quirks;
    },
    get rates() {
      return state.rates;
    },
    change({ quirks, rates }) {
      state.quirks = { ...state.quirks, ...quirks };
      state.rates = { ...state.rates, ...rates };
    },
    advance: (forced) => live(state, forced),
    count: (type) => tableOf(state, type).size,
    served(type) {
      const known = totals.get(type);
      if (known?.day === state.day && known.changes === state.changes) return known.count;
      const count = countServed(state, type);
      totals.set(type, { day: state.day, changes: state.changes, count });
      return count;
    },
    isActive: (type, index) => has(type, index) && tableOf(state, type).columns.closed[index] === never,
    finessOf: (structure) => (has('Organization', structure) ? finessOf(state, structure) : undefined),
    personOfRole: (role) => state.roles.columns.person[role]!,
    at: (type, index) => (has(type, index) ? entryOf(state, type, index) : undefined),
    indexOf(type, remoteId) {
      const platform = platformOn(state, state.day);
      const index = indexOfRemote(type, remoteId, platform);
      if (index === undefined || !has(type, index)) return undefined;
      return remoteIdOf(state, type, index, platform) === remoteId ? index : undefined;
    },
    find: (type, identifier) => findRecords(state, type, identifier),
    entries(type, filter, after, limit) {
      const found: Entry[] = [];
      for (const index of among(state, type, filter, after)) {
        if (found.length >= limit) break;
        found.push(entryOf(state, type, index));
      }
      return found;
    },
    indexes: (type, filter) => Int32Array.from(among(state, type, filter, -1)),
    total(type, filter) {
      let count = 0;
      for (const _ of among(state, type, filter, -1)) count += 1;
      return count;
    },
    linked: (type, field, index) => linked(state, type, field, index),
    key: (type, index) => keyOf(state, type, index),
    person: (index) => (has('Practitioner', index) ? personFacts(state, index) : undefined),
    structure: (index) => (has('Organization', index) ? structureFacts(state, index) : undefined),
    role: (index) => (has('PractitionerRole', index) ? roleFacts(state, index) : undefined),
    service: (index) => (has('HealthcareService', index) ? serviceFacts(state, index) : undefined),
    device: (index) => (has('Device', index) ? deviceFacts(state, index) : undefined),
    span(type, index) {
      const { shown, gone } = tableOf(state, type).columns;
      const last = shownOn(state, type, index, Math.min(state.day, gone[index]! - 1));
      return {
        shown: shown[index]!,
        gone: gone[index] === never ? Infinity : gone[index]!,
        written: last.written,
        stamp: [last.platform, last.changed, last.version, last.active].join(),
      };
    },
    lastServed: (type, index) => lastServed(state, type, index),
    dateOf: (day) => dateOf(state, day),
  };
}

function check({ seed, roles, start }: PopulationOptions): void {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError('seed: a whole number from 0 to 4294967295');
  }
  if (!Number.isInteger(roles) || roles < 1 || roles > most) {
    throw new RangeError(`roles: a whole number from 1 to ${most}`);
  }
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(start) || Number.isNaN(Date.parse(start))) {
    throw new RangeError('start: a date, YYYY-MM-DD');
  }
}

function countServed(state: State, type: ServedType): number {
  const table = tableOf(state, type);
  let count = 0;
  for (let index = 0; index < table.size; index += 1) if (isServed(state, table, index)) count += 1;
  return count;
}

/** Indexes of served records that a filter lets through, in order; what costs most is asked last. */
function* among(state: State, type: ServedType, filter: EntryFilter, after: number): Generator<number> {
  const table = tableOf(state, type);
  const { closed, changed } = table.columns;
  const only = filter.among?.toSorted((a, b) => a - b);
  const count = only ? only.length : table.size;
  const platformDay = state.platformDays.at(-1) ?? 0;
  const fromDay = filter.from === undefined ? 0 : dayOf(state, filter.from);
  const lastDay = filter.before === undefined ? Infinity : dayOf(state, filter.before);
  for (let position = only ? 0 : after + 1; position < count; position += 1) {
    const index = only ? only[position]! : position;
    if (index <= after || index >= table.size || !isServed(state, table, index)) continue;
    if (filter.active !== undefined && filter.active !== closed[index]! > state.day) continue;
    const written = Math.max(changed[index]!, platformDay);
    if (written < fromDay || written > lastDay) continue;
    if (written === fromDay || written === lastDay) {
      const { updatedAt } = entryOf(state, type, index);
      if (filter.from !== undefined && updatedAt < filter.from) continue;
      if (filter.before !== undefined && updatedAt >= filter.before) continue;
    }
    if (filter.test && !filter.test(index)) continue;
    yield index;
  }
}

function linked(
  state: State,
  type: ServedType,
  field: 'practitioner' | 'organization' | 'partof',
  index: number,
): number[] {
  const ascending = (list: number[]): number[] => list.sort((a, b) => a - b);
  const { firstService, firstDevice } = state.structures.columns;
  if (field === 'practitioner') return index < state.people.size ? ascending(rolesOf(state, index)) : [];
  if (index >= state.structures.size) return [];
  if (field === 'partof') return ascending(sitesOf(state, index));
  switch (type) {
    case 'PractitionerRole':
      return ascending(rolesAt(state, index));
    case 'HealthcareService':
      return ascending(chain(firstService[index]!, state.services.columns.next));
    case 'Device':
      return ascending(chain(firstDevice[index]!, state.devices.columns.next));
    default:
      return [];
  }
}

function keyOf(state: State, type: ServedType, index: number): string {
  const { systems } = codes;
  switch (type) {
    case 'Practitioner':
      return `${systems.idNatPs}|8${rppsOf(state, index)}`;
    case 'PractitionerRole':
      return `${systems.rpps}|${situationOf(state, index)}`;
    case 'Organization':
      return `${systems.idNatSt}|${idNatStOf(state, index)}`;
    case 'HealthcareService':
      return `${systems.arhgos}|${authorisationOf(state.services.columns.structure[index]!, index, 'service')}`;
    case 'Device':
      return `${systems.arhgos}|${authorisationOf(state.devices.columns.structure[index]!, index, 'device')}`;
  }
}
