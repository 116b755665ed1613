/** Invariants (FHIRPath constraints) by the type or nested element they belong to. */
import { type Constraint, lineOf, type StructureDefinition } from './definitions.ts';

/** `severity`: `warning` for a rule that is none but a recommendation; else an error. */
export type Invariant = { key: string; human: string; expression: string; severity?: 'warning' };

/** `types`: by type or nested element (`Patient.contact`); `profiles`: by profile id, on the resource itself. */
export type Invariants = { types: Record<string, Invariant[]>; profiles: Record<string, Invariant[]> };

/**
 * Held by the JSON Schema and by the form of the JSON (ele-1, ext-1), by what reads narratives (txt-1, txt-2), contained resources
 * (dom-3) and Bundles (bdl-7); or a recommendation (dom-6).
 */
const left = new Set(['ele-1', 'ext-1', 'dom-6', 'dom-3', 'txt-1', 'txt-2', 'bdl-7']);

/** Collects the invariants of types and profiles; a profile has those of the profiles that it derives from. */
export function invariantsOf(
  types: readonly StructureDefinition[],
  profiles: readonly StructureDefinition[],
): Invariants {
  const byType: Record<string, Invariant[]> = {};
  for (const type of types) {
    for (const element of type.snapshot.element) {
      const wanted = (element.constraint ?? []).filter(isRule).filter(isError).map(toInvariant);
      const nested = element.path === type.type || element.type?.some((each) => /Element$/.test(each.code));
      if (!wanted.length) continue;
      if (nested) (byType[element.path] ??= []).push(...wanted);
      else hoist(byType, type.type, element.path, wanted);
    }
  }
  const byProfile: Record<string, Invariant[]> = {};
  for (const { id, line } of profiles.map((profile) => ({
    id: profile.id,
    line: lineOf(profile, profiles),
  }))) {
    for (const profile of line) {
      for (const element of profile.differential.element) {
        const wanted = (element.constraint ?? []).filter(isRule).map(toInvariant);
        if (!wanted.length) continue;
        if (element.path === profile.type) (byProfile[id] ??= []).push(...wanted);
        else hoist(byProfile, id, pathOf(element.id, profile), wanted);
      }
    }
  }
  return { types: byType, profiles: byProfile };
}

/** Of R4's own, recommendations to authors (how a name is written) are left out; what our profiles recommend is told. */
function isError({ severity }: Constraint): boolean {
  return severity === 'error';
}

function isRule(constraint: Constraint): boolean {
  return Boolean(constraint.expression) && !left.has(constraint.key);
}

function toInvariant(constraint: Constraint): Invariant {
  const { key, human, expression, severity } = constraint;
  return { key, human, expression: expression!, ...(severity === 'warning' ? { severity } : {}) };
}

/** `Patient.identifier:ins.value` as FHIRPath that leads to the values of the slice, by its value discriminators. */
function pathOf(id: string, profile: StructureDefinition): string {
  const elements = new Map(profile.snapshot.element.map((element) => [element.id, element]));
  const segments = id.split('.');
  return segments
    .map((segment, index) => {
      const [name, slice] = segment.split(':');
      if (slice === undefined) return segment;
      const parent = segments.slice(0, index);
      const slicing = elements.get([...parent, name].join('.'))?.slicing;
      const filters = (slicing?.discriminator ?? []).map(({ type, path }) => {
        const fixed: unknown = elements.get([...parent, segment, path].join('.'))?.fixedUri;
        if (type !== 'value' || typeof fixed !== 'string') {
          throw new Error(`${profile.id}: rules on ${id} need a discriminator by a fixed URI`);
        }
        return `.where(${path} = '${fixed}')`;
      });
      return name + filters.join('');
    })
    .join('.');
}

/** A rule on a leaf element becomes one on the object it stands in: `path.all(rule)`. */
function hoist(
  into: Record<string, Invariant[]>,
  root: string,
  path: string,
  rules: readonly Invariant[],
): void {
  const inner = path.slice(path.indexOf('.') + 1).replaceAll('[x]', '');
  const lifted = rules.map((rule) => ({ ...rule, expression: `${inner}.all(${rule.expression})` }));
  (into[root] ??= []).push(...lifted);
}
