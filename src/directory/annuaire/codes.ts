/** Codes met in the rows of a kind, system by system: a search is shared out among the codes of one. */
import { isObject } from '../api/json.ts';
import type { AnyResource } from '../../fhir/types.ts';
import type { ServedKind } from './options.ts';

/** Token parameters that look at codes (french-standards §3.2), and the elements where they stand. */
const parameters: Partial<Record<ServedKind, Readonly<Record<string, string>>>> = {
  PractitionerRole: { role: 'code' },
  HealthcareService: { 'service-type': 'type', 'service-category': 'category' },
  Device: { type: 'type' },
};

/** Codes of one system under one parameter, in the order they were met. */
export type CodeList = { parameter: string; system: string; codes: readonly string[] };

export type Codes = {
  note(kind: ServedKind, row: AnyResource): void;
  /** Lists that share the kind's rows out, the one with the smallest largest part first. */
  lists(kind: ServedKind): CodeList[];
};

/** Systems of a parameter, and codes of a system, that are counted. */
const most = { systems: 20, codes: 60 };
/** Part of the rows met that have to have what searches share them out by: the others would be found by none of these. */
export const nearlyAll = 0.9;

/** Rows that have a code of the system, and by code. */
type System = { rows: number; byCode: Map<string, number> };

export function createCodes(): Codes {
  const kinds = new Map<ServedKind, { rows: number; parameters: Map<string, Map<string, System>> }>();
  return {
    note(kind, row) {
      const elements = parameters[kind];
      if (!elements) return;
      const met = kinds.get(kind) ?? { rows: 0, parameters: new Map<string, Map<string, System>>() };
      kinds.set(kind, met);
      met.rows += 1;
      for (const parameter in elements) {
        const systems = met.parameters.get(parameter) ?? new Map<string, System>();
        met.parameters.set(parameter, systems);
        count(systems, row[elements[parameter]!]);
      }
    },
    lists(kind) {
      const { rows = 0, parameters: met = new Map<string, Map<string, System>>() } = kinds.get(kind) ?? {};
      const found: (CodeList & { largest: number })[] = [];
      for (const [parameter, systems] of met) {
        for (const [system, { rows: coded, byCode }] of systems) {
          const open = byCode.size < 2 || byCode.size >= most.codes;
          if (open || coded < rows * nearlyAll) continue;
          found.push({ parameter, system, codes: [...byCode.keys()], largest: Math.max(...byCode.values()) });
        }
      }
      return found.sort((a, b) => a.largest - b.largest);
    },
  };
}

/** Each row counts once for each of its codes, and once for each system. */
function count(systems: Map<string, System>, element: unknown): void {
  const seen = new Set<string>();
  for (const { system, code } of codingsOf(element)) {
    const met = systems.get(system) ?? { rows: 0, byCode: new Map<string, number>() };
    if (!systems.has(system) && systems.size >= most.systems) continue;
    systems.set(system, met);
    if (!seen.has(system)) met.rows += 1;
    seen.add(system);
    const before = met.byCode.get(code);
    if (before !== undefined || met.byCode.size < most.codes) met.byCode.set(code, (before ?? 0) + 1);
  }
}

/** Codes at an element, those that can stand in an address as they are. */
export function* codingsOf(element: unknown): Generator<{ system: string; code: string }> {
  for (const concept of Array.isArray(element) ? (element as unknown[]) : [element]) {
    if (!isObject(concept)) continue;
    const { coding } = concept;
    for (const one of Array.isArray(coding) ? (coding as unknown[]) : [coding]) {
      if (!isObject(one)) continue;
      const { system, code } = one;
      if (typeof code !== 'string' || !/^[\w.-]+$/.test(code)) continue;
      yield { system: typeof system === 'string' ? system : '', code };
    }
  }
}

/** The element that a token parameter of a kind looks at. */
export function codedElement(kind: ServedKind, parameter: string): string {
  return parameters[kind]?.[parameter] ?? parameter;
}
