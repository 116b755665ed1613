/** The validator: the compiled definitions, invariants by FHIRPath, every answer as issues. Pure after loading. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { checkBundle } from './bundle.ts';
import { checkCodings } from './codings.ts';
import type { CompiledDefinitions } from './compile.ts';
import { checkElementIds } from './element-ids.ts';
import { checkExtensions } from './extensions.ts';
import { checkInvariants, type Holds } from './invariants.ts';
import { issuesOf } from './messages.ts';
import { extensionValues, inside, nestedResources } from './nested.ts';
import { checkNulls } from './nulls.ts';
import { createChecks } from './schema-check.ts';

/** Validates resources of any known type, against R4 and against profiles. */
export type Validator = {
  /**
   * Issues of a resource against its R4 type, the profiles given and those of its `meta.profile`;
   * of a Bundle also against those of its entries. An unknown profile is an error: it would prove nothing.
   */
  validate(resource: unknown, profiles?: readonly string[]): Issue[];
  /** Canonical URLs of the profiles that can be asked for. */
  readonly profiles: readonly string[];
  readonly resourceTypes: readonly string[];
};

/** A validator; checks are made when first needed and kept. */
export function createValidator(definitions: CompiledDefinitions, holds: Holds): Validator {
  const checkNamed = createChecks(definitions.schemas);
  const profiles = new Map(Object.entries(definitions.profiles));

  const nameOfExtension = (url: unknown): string | undefined =>
    typeof url === 'string' ? profiles.get(url)?.name : undefined;

  function check(name: string, resource: AnyResource, profile?: string): Issue[] {
    return issuesOf(resource.resourceType, checkNamed(name)(resource), profile);
  }

  function validateOne(resource: AnyResource, asked: readonly string[]): Issue[] {
    const claimed = claimedProfiles(resource);
    const urls = [...new Set([...asked, ...claimed])];
    const base = [
      ...check(resource.resourceType, resource),
      ...extensionValues(resource, definitions.shapes).flatMap(({ type, value, path }) =>
        issuesOf(path, checkNamed(type)(value)),
      ),
    ];
    const named: string[] = [];
    const issues = urls.flatMap((url): Issue[] => {
      const profile = profiles.get(url.split('|')[0]!);
      if (!profile) return [unknownProfile(resource.resourceType)];
      if (profile.type !== resource.resourceType) return [wrongType(resource.resourceType, profile.type)];
      named.push(profile.name);
      return check(profile.name, resource, url);
    });
    const structural = withoutRepeats([...base, ...issues]);
    if (structural.some((issue) => issue.code === 'structure')) return structural;
    return [
      ...structural,
      ...checkCodings(resource, definitions.closedSystems, definitions.shapes),
      ...checkExtensions(resource, (url) => profiles.has(url), definitions.shapes),
      ...checkElementIds(resource, definitions.shapes),
      ...checkInvariants(resource, named, nameOfExtension, definitions.invariants, definitions.shapes, holds),
    ];
  }

  return {
    profiles: [...profiles.keys()],
    resourceTypes: definitions.resourceTypes,
    validate(value, asked = []) {
      const type = (value as { resourceType?: unknown } | null)?.resourceType;
      if (typeof value !== 'object' || value === null || typeof type !== 'string') return [notAResource];
      if (!definitions.resourceTypes.includes(type)) return [unknownType];
      if (isDeeper(value, deepest)) return [tooDeep];
      const resource = value as AnyResource;
      const own = validateOne(resource, asked);
      const nested = nestedResources(resource, definitions.shapes).flatMap((inner) =>
        validateOne(inner.resource, []).map((issue) => inside(issue, inner)),
      );
      return [
        ...own,
        ...checkNulls(resource),
        ...nested,
        ...(type === 'Bundle' ? checkBundle(resource) : []),
      ];
    },
  };
}

/** The profiles a resource says it keeps; what is no text is judged as `meta` is. */
function claimedProfiles(resource: AnyResource): string[] {
  const claimed: unknown = resource.meta?.profile;
  return Array.isArray(claimed) ? claimed.filter((url) => typeof url === 'string') : [];
}

/** Checks follow the depth of a value with their stack, some kilobytes a level. No resource of the standard comes near. */
const deepest = 64;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}

const tooDeep: Issue = {
  severity: 'fatal',
  code: 'too-long',
  message: `La ressource est imbriquée sur plus de ${deepest} niveaux.`,
};

const notAResource: Issue = {
  severity: 'fatal',
  code: 'structure',
  message: 'Le contenu n’est pas une ressource FHIR : « resourceType » est absent.',
};

const unknownType: Issue = {
  severity: 'fatal',
  code: 'not-supported',
  message: 'Type de ressource inconnu de la passerelle.',
  expression: 'resourceType',
};

function unknownProfile(type: string): Issue {
  return {
    severity: 'error',
    code: 'not-supported',
    message: 'Profil inconnu de la passerelle : rien ne peut en être vérifié.',
    expression: `${type}.meta.profile`,
  };
}

function wrongType(type: string, expected: string): Issue {
  return {
    severity: 'error',
    code: 'structure',
    message: `Le profil demandé porte sur ${expected}, la ressource est de type ${type}.`,
    expression: type,
  };
}

/** The parent's faults come back with each profile: say each once. */
function withoutRepeats(issues: readonly Issue[]): Issue[] {
  const byText = new Map(issues.map((issue) => [`${issue.expression} ${issue.message}`, issue]));
  return [...byText.values()];
}
