import { idNatPsOfRpps, idNatStOfFiness, systems } from '../../fhir/identifiers.ts';
import { type BusinessKey, splitKey } from '../../fhir/key.ts';

/**
 * A national identifier and the other forms it is looked up under: FINESS and idNatSt, RPPS and idNatPs name the same
 * thing (french-standards §2.2). For looking up only: what is published is what the directory says.
 */
export function aliasesOf(key: BusinessKey): BusinessKey[] {
  const { system, value } = splitKey(key);
  if (system === systems.finess) return [key, `${systems.idNatSt}|${idNatStOfFiness(value)}`];
  if (system === systems.rpps) return [key, `${systems.idNatPs}|${idNatPsOfRpps(value)}`];
  if (system === systems.idNatSt && /^1.{9}$/.test(value))
    return [key, `${systems.finess}|${value.slice(1)}`];
  if (system === systems.idNatPs && /^8.{11}$/.test(value)) return [key, `${systems.rpps}|${value.slice(1)}`];
  return [key];
}

/** All forms of several identifiers, each once. */
export function allAliases(keys: readonly BusinessKey[]): BusinessKey[] {
  return [...new Set(keys.flatMap(aliasesOf))];
}

/** National systems that identify a structure or a person, the surest first. */
export const identifying: readonly string[] = [
  systems.idNatSt,
  systems.finess,
  systems.idNatPs,
  systems.rpps,
  systems.siren, // SIREN and SIRET share a system
];
