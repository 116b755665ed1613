import type { Issue } from '../fhir/issue.ts';
import { locate } from '../mapping/locate.ts';
import { quoted } from './fault.ts';
import { visitParts } from './items.ts';
import type { Network } from './network.ts';
import { isPlaceholder } from './sample-value.ts';
import { pointerStep } from './tree.ts';

/** What a starter file left to fill in and nobody has filled in yet: it would be published as it is. */
export function placeholderIssues(network: Network): Issue[] {
  const issues: Issue[] = [];
  visitParts(network.data, (part, pointer) => {
    for (const [step, value] of Object.entries(part)) {
      if (typeof value !== 'string' || !isPlaceholder(value)) continue;
      issues.push({
        severity: 'warning',
        code: 'value',
        message: `${quoted(value)} vient du fichier de départ : à remplacer.`,
        source: locate(network, `${pointer}/${pointerStep(step)}`),
        rule: 'placeholder',
      });
    }
  });
  return issues;
}
