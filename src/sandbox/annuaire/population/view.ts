/** One record as the API shows it on a day. */
import type { AnyResource } from '../../../fhir/types.ts';
import { instantOf, instantText } from './calendar.ts';
import { personFacts } from './person.ts';
import { platformOn, remoteIdOf, typeNumber } from './remote.ts';
import {
  deviceResource,
  personResource,
  roleResource,
  serviceResource,
  type Shown,
  structureResource,
} from './resources.ts';
import { deviceFacts, roleFacts, serviceFacts } from './situation.ts';
import { isServed, type State, tableOf } from './state.ts';
import { structureFacts } from './structure.ts';
import type { Entry, ServedType } from './types.ts';

/** As it is shown on `day`, today or the last day it was shown. */
export function shownOn(state: State, type: ServedType, index: number, day: number): Shown {
  const { columns } = tableOf(state, type);
  const changed = columns.changed[index]!;
  const platformDay = state.platformDays.findLast((one) => one <= day) ?? 0;
  return {
    state,
    type,
    index,
    platform: platformOn(state, day),
    changed,
    written: Math.max(changed, platformDay),
    version: changed < platformDay ? 1 : columns.version[index]!,
    active: columns.closed[index]! > day,
  };
}

export function resourceOf(shown: Shown): AnyResource {
  const { state, type, index } = shown;
  switch (type) {
    case 'Practitioner':
      return personResource(shown, personFacts(state, index));
    case 'PractitionerRole':
      return roleResource(shown, roleFacts(state, index));
    case 'Organization':
      return structureResource(shown, structureFacts(state, index));
    case 'HealthcareService':
      return serviceResource(shown, serviceFacts(state, index));
    case 'Device':
      return deviceResource(shown, deviceFacts(state, index));
  }
}

export function entryOf(state: State, type: ServedType, index: number): Entry {
  const shown = shownOn(state, type, index, state.day);
  const updatedAt = instantOf(state, typeNumber(type), index, shown.written);
  return {
    type,
    index,
    // made when they are asked for: searches look at many records that they do not show
    get remoteId() {
      return remoteIdOf(state, type, index, shown.platform);
    },
    versionId: String(shown.version),
    get lastUpdated() {
      return instantText(updatedAt);
    },
    updatedAt,
    active: shown.active,
    served: isServed(state, tableOf(state, type), index),
    resource: () => resourceOf(shown),
  };
}

/** What the API answered on the last day it showed the record. */
export function lastServed(state: State, type: ServedType, index: number): AnyResource {
  const gone = tableOf(state, type).columns.gone[index]!;
  return resourceOf(shownOn(state, type, index, Math.min(state.day, gone - 1)));
}
