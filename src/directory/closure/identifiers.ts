import { systems } from '../../fhir/identifiers.ts';
import type { AnyResource, CodeableConcept, Identifier } from '../../fhir/types.ts';
import type { CopyCodes } from './types.ts';

/**
 * Identifiers of a copy: those of the network, national ids that the directory gives in place of built ones (FR Core:
 * idNatSt is looked up, not built), SIREN and SIRET added. Another FINESS or RPPS of the record is not the copy's.
 */
export function copyIdentifiers(
  ours: readonly Identifier[],
  held: AnyResource,
  codes: CopyCodes,
): Identifier[] {
  const said = identifiersOf(held);
  const looked = new Map<string, { value: string; type: CodeableConcept }>();
  for (const [system, type] of [
    [systems.idNatSt, codes.idNatSt],
    [systems.idNatPs, codes.idNatPs],
  ] as const) {
    const values = [...new Set(said.filter((one) => one.system === system).map(({ value }) => value!))];
    if (values.length === 1) looked.set(system, { value: values[0]!, type }); // several: a person has to tell them apart
  }
  const kept = ours.map((one): Identifier => {
    const found = one.system === undefined ? undefined : looked.get(one.system);
    if (found) looked.delete(one.system!);
    return found ? { ...one, value: found.value } : one;
  });
  const added = [...looked].map(([system, { value, type }]): Identifier => ({
    use: 'official',
    type,
    system,
    value,
  }));
  return [...kept, ...added, ...sirene(said, kept, codes)];
}

function sirene(said: readonly Identifier[], ours: readonly Identifier[], codes: CopyCodes): Identifier[] {
  const known = new Set(ours.filter(({ system }) => system === systems.siren).map(({ value }) => value));
  return said
    .filter(({ system, value }) => system === systems.siren && !known.has(value))
    .flatMap(({ system, value, type }): Identifier[] => {
      const typed = value!.length === 9 ? codes.siren : frenchType(type, codes);
      return typed ? [{ type: typed, system: system!, value: value! }] : [];
    });
}

/** The coding of a type out of the code system that our profiles name; SIREN and SIRET share their system. */
function frenchType(type: CodeableConcept | undefined, { siren }: CopyCodes): CodeableConcept | undefined {
  const coding = type?.coding?.find(({ system }) => system === siren.coding?.[0]?.system);
  return coding?.code === undefined ? undefined : { coding: [{ system: coding.system!, code: coding.code }] };
}

function identifiersOf({ identifier }: AnyResource): Identifier[] {
  return ((identifier ?? []) as Identifier[]).filter(({ system, value }) => system && value);
}
