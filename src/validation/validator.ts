/** The validator: ajv over the compiled definitions, invariants by FHIRPath, every answer as issues. Pure after loading. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { checkBundle } from './bundle.ts';
import type { CompiledDefinitions } from './compile.ts';
import { checkInvariants, type Holds } from './invariants.ts';
import { issuesOf } from './messages.ts';
import { inside, nestedResources } from './nested.ts';

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

/** The schemas are our own build product: checking them again at each start would only cost time. */
const trusted = { validateSchema: false };

/** A validator; schemas are compiled when first needed and kept. */
export function createValidator(definitions: CompiledDefinitions, holds: Holds): Validator {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    validateFormats: false,
    inlineRefs: false,
    unicodeRegExp: false,
    ...trusted,
  });
  // One schema a definition, so that each is compiled once for whoever refers to it.
  for (const [name, schema] of Object.entries(definitions.schemas)) ajv.addSchema(schema, name);

  function schemaFor(name: string): ValidateFunction {
    return ajv.getSchema(name) as ValidateFunction; // every name asked for is one of `definitions.schemas`
  }

  function check(name: string, resource: AnyResource, profile?: string): Issue[] {
    const validate = schemaFor(name);
    const valid: boolean = validate(resource);
    return valid ? [] : issuesOf(resource.resourceType, validate.errors ?? [], profile);
  }

  function validateOne(resource: AnyResource, asked: readonly string[]): Issue[] {
    const claimed = Array.isArray(resource.meta?.profile) ? resource.meta.profile : [];
    const urls = [...new Set([...asked, ...claimed])];
    const base = check(resource.resourceType, resource);
    const named: string[] = [];
    const issues = urls.flatMap((url): Issue[] => {
      const profile = definitions.profiles[url.split('|')[0]!];
      if (!profile) return [unknownProfile(resource.resourceType)];
      if (profile.type !== resource.resourceType) return [wrongType(resource.resourceType, profile.type)];
      named.push(profile.name);
      return check(profile.name, resource, url);
    });
    const structural = withoutRepeats([...base, ...issues]);
    if (structural.some((issue) => issue.code === 'structure')) return structural;
    return [
      ...structural,
      ...checkInvariants(resource, named, definitions.invariants, definitions.shapes, holds),
    ];
  }

  return {
    profiles: Object.keys(definitions.profiles),
    resourceTypes: definitions.resourceTypes,
    validate(value, profiles = []) {
      const type = (value as { resourceType?: unknown } | null)?.resourceType;
      if (typeof value !== 'object' || value === null || typeof type !== 'string') return [notAResource];
      if (!definitions.resourceTypes.includes(type)) return [unknownType];
      const resource = value as AnyResource;
      const own = validateOne(resource, profiles);
      const nested = nestedResources(resource, definitions.shapes).flatMap((inner) =>
        validateOne(inner.resource, []).map((issue) => inside(issue, inner)),
      );
      return [...own, ...nested, ...(type === 'Bundle' ? checkBundle(resource) : [])];
    },
  };
}

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
