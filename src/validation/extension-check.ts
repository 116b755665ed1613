/** What our definitions say of an extension, wherever it stands. */
import type { Issue } from '../fhir/issue.ts';
import { isPrimitive } from './base-schema.ts';
import type { CompiledDefinitions } from './compile.ts';
import type { ExtensionCheck } from './extensions.ts';
import { issuesOf } from './messages.ts';
import { expressionAt } from './place.ts';
import type { Plans, Ready } from './plans.ts';
import type { Check } from './schema-check.ts';

const noIssues: Issue[] = [];
const noRules: readonly Ready[] = [];

/** The check over our definitions. A value is judged here, for a schema of all its types would compile them all. */
export function createExtensionCheck(
  { profiles, shapes }: CompiledDefinitions,
  checkNamed: (name: string) => Check,
  plans: Plans,
): ExtensionCheck {
  const definitions = new Map(
    Object.entries(profiles)
      .filter(([, { type }]) => type === 'Extension')
      .map(([url, { name, context }]) => [url, { name, context }]),
  );
  const values = new Map(
    Object.entries(shapes['Extension'] ?? {}).filter(([name, type]) => name.startsWith('value') && !isPrimitive(type)),
  ); // prettier-ignore
  const named = (extension: object): string | undefined => {
    const { url } = extension as { url?: unknown };
    return typeof url === 'string' ? definitions.get(url)?.name : undefined;
  };

  return {
    contextOf: (url) => definitions.get(url)?.context,
    rules: (extension) => {
      const name = named(extension);
      return name ? plans.added(name, 'Extension') : noRules;
    },
    structure(extension, place) {
      let issues = noIssues;
      for (const key in extension) {
        const type = values.get(key);
        const faults = type ? checkNamed(type)((extension as Record<string, unknown>)[key]) : [];
        if (faults.length) issues = [...issues, ...issuesOf(`${expressionAt(place)}.${key}`, faults)];
      }
      const name = named(extension);
      const faults = name ? checkNamed(name)(extension) : [];
      const { url } = extension as { url?: string };
      return faults.length ? [...issues, ...issuesOf(expressionAt(place), faults, url)] : issues;
    },
  };
}
