/** The validator: schemas, then one walk for invariants and all else, every answer as issues. Pure after loading. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { checkBundle } from './bundle.ts';
import type { CompiledDefinitions } from './compile.ts';
import { createExtensionCheck } from './extension-check.ts';
import type { Holds } from './fhirpath/library.ts';
import { checkForm } from './form.ts';
import { issuesOf } from './messages.ts';
import { createPlans } from './plans.ts';
import { type Checks, createChecks } from './schema-check.ts';
import { type Resolve, resolverOf } from './targets.ts';
import { type Added, inside, walk } from './walk.ts';

/** Told of a resource without issues. */
export type Sound = (resource: AnyResource, profiles: ReadonlySet<string>) => void;

/** Validates resources of any known type, against R4 and against profiles. */
export type Validator = {
  /**
   * Issues of a resource against its R4 type, the profiles given and those of its `meta.profile`;
   * of a Bundle also against those of its entries. An unknown profile is an error: it would prove nothing. `sound` hears of
   * each resource, nested ones too, that has no issue, with the profiles it was judged by.
   */
  validate(resource: unknown, profiles?: readonly string[], sound?: Sound): Issue[];
  /** Canonical URLs of the profiles that can be asked for. */
  readonly profiles: readonly string[];
  readonly resourceTypes: readonly string[];
};

/**
 * A validator; what it needs is made when first asked for and kept. `library` judges invariants that are no closures; `checkNamed`
 * are the schemas as functions. Profiles of `elsewhere` (`url|version`) may be named in `meta.profile` without being known
 * here: nothing is judged by them.
 */
export function createValidator(
  definitions: CompiledDefinitions,
  library: Holds,
  checkNamed: Checks = createChecks(definitions.schemas),
  elsewhere: readonly string[] = [],
): Validator {
  const profiles = new Map(Object.entries(definitions.profiles));
  const plans = createPlans(definitions, definitions.invariants, library);
  const resourceTypes: ReadonlySet<string> = new Set(definitions.resourceTypes);
  const closedSystems = new Map(
    Object.entries(definitions.closedSystems).map(([system, codes]) => [system, new Set(codes)]),
  );
  const extension = createExtensionCheck(definitions, checkNamed, plans);
  const isJudged = (url: string): boolean => !elsewhere.includes(url);
  const parts = { plans, closedSystems, resourceTypes, extension, targets: definitions.targets };

  function check(name: string, resource: AnyResource, profile?: string): Issue[] {
    const faults = checkNamed(name)(resource);
    return faults.length ? issuesOf(resource.resourceType, faults, profile) : none;
  }

  /** Issues of a resource and of those nested in it; `root` is the one that contains it, or itself. */
  function validateOne(
    resource: AnyResource,
    root: AnyResource,
    asked: readonly string[],
    resolve: Resolve,
    sound?: Sound,
  ): Issue[] {
    const { resourceType } = resource;
    const structural = [...check(resourceType, resource)];
    const added: Added[] = [];
    const judgedBy = new Set([...asked, ...claimedProfiles(resource).filter(isJudged)]);
    for (const url of judgedBy) {
      const [canonical, version] = url.split('|') as [string, string?];
      const profile = profiles.get(canonical);
      if (!profile || (version !== undefined && profile.version !== undefined && version !== profile.version))
        structural.push(unknownProfile(resourceType));
      else if (profile.type !== resourceType) structural.push(wrongType(resourceType, profile.type));
      else {
        for (const issue of check(profile.name, resource, url)) structural.push(issue);
        added.push({ rules: plans.added(profile.name, resourceType), targets: profile.targets });
      }
    }
    const { issues, nested } = walk(resource, root, isBroken(structural) ? undefined : added, resolve, parts);
    const links = resourceType === 'Bundle' ? checkBundle(resource) : none;
    const own = withoutRepeats([...structural, ...issues, ...links]);
    const inner = nested.flatMap((one) => {
      const container = one.isContained ? root : one.resource;
      const resolveThere = one.isContained ? resolve : resolverOf(one.resource, resource);
      return validateOne(one.resource, container, [], resolveThere, sound).map((issue) => inside(issue, one));
    });
    if (own.length === 0 && inner.length === 0) sound?.(resource, judgedBy);
    return [...(isBroken(own) ? own.filter(({ code }) => code !== 'invariant') : own), ...inner];
  }

  return {
    profiles: [...profiles.keys()],
    resourceTypes: definitions.resourceTypes,
    validate(value, asked = [], sound) {
      const type = (value as { resourceType?: unknown } | null)?.resourceType;
      if (typeof value !== 'object' || value === null || typeof type !== 'string') return [notAResource];
      if (!resourceTypes.has(type)) return [unknownType];
      const resource = value as AnyResource;
      const form = checkForm(resource);
      if (form.some(({ severity }) => severity === 'fatal')) return form;
      // Faults of form are found of the whole: then nothing in it is said to be sound.
      const own = validateOne(
        resource,
        resource,
        asked,
        resolverOf(resource),
        form.length ? undefined : sound,
      );
      return bounded([...own, ...form]);
    },
  };
}

const none: Issue[] = [];

/** Of what has another form than its type, invariants and codes say nothing that would help. */
function isBroken(issues: readonly Issue[]): boolean {
  return issues.some(({ code }) => code === 'structure');
}

/** The profiles a resource says it keeps; what is no text is judged as `meta` is. */
function claimedProfiles(resource: AnyResource): string[] {
  const claimed: unknown = resource.meta?.profile;
  return Array.isArray(claimed) ? claimed.filter((url) => typeof url === 'string') : [];
}

/** Issues that an answer holds at most: whoever made more mends these first. */
const most = 1000;

/** The errors first where not all can be told. */
function bounded(issues: Issue[]): Issue[] {
  if (issues.length <= most) return issues;
  const isGrave = ({ severity }: Issue): boolean => severity === 'error' || severity === 'fatal';
  const grave = issues.filter(isGrave);
  const light = issues.filter((issue) => !isGrave(issue));
  return [...[...grave, ...light].slice(0, most), { ...cut, message: `Plus de ${most} anomalies : les autres ne sont pas dites.` }];
} // prettier-ignore

const cut = { severity: 'information', code: 'too-long' } as const;

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

/** Faults that several profiles find: say each once. */
function withoutRepeats(issues: readonly Issue[]): readonly Issue[] {
  if (issues.length < 2) return issues;
  const byText = new Map(issues.map((issue) => [`${issue.expression} ${issue.message}`, issue]));
  return [...byText.values()];
}
