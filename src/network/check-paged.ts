import type { Issue } from '../fhir/issue.ts';
import { formIssues } from './form-issues.ts';
import type { Mention } from './kind.ts';
import { limitIssues } from './limit-issues.ts';
import type { Network } from './network.ts';
import type { PagedNetwork } from './paged.ts';
import { placeholderIssues } from './placeholder-issues.ts';
import { referenceIssues } from './references.ts';
import { rowDigest } from './row-digest.ts';
import { ruleIssues } from './rule-issues.ts';
import { schemaIssues } from './schema-issues.ts';

/** More issues than anybody reads are counted by the limit, not kept. */
const maxKept = 1_000;

/**
 * Everything wrong with a network that is read page by page, as `checkNetwork` tells it, but for questions about
 * establishments that look alike. `named`: ids of rows that something refers to.
 */
export async function checkPaged(
  { network, kind, lists, pages }: PagedNetwork,
  at: string,
): Promise<{ issues: Issue[]; named: ReadonlySet<string> }> {
  const issues: Issue[] = [];
  const add = (more: readonly Issue[]): void => void issues.push(...more.slice(0, maxKept));
  const digests = new Map(lists.map((list) => [list, rowDigest(network, kind, list)]));
  const inPages = (list: string): boolean => digests.has(list);
  const filled = new Set<string>();
  const mentions: Mention[] = [];
  for await (const { record, list, before } of pages(issues)) {
    const page: Network = { ...record, text: '', hash: '' };
    const ofList = (pointer: string): boolean => pointer.startsWith(`/${list}/`);
    const checked = kind.schema(record.data);
    add(
      schemaIssues(
        page,
        checked.errors.filter(({ instancePath }) => ofList(instancePath)),
      ),
    );
    const here = checked.mentions.filter(({ pointer }) => ofList(pointer));
    add(
      referenceIssues(
        page,
        here.filter((mention) => !inPages(mention.list)),
        at,
      ),
    );
    for (const mention of here) if (inPages(mention.list)) mentions.push(moved(mention, list, before));
    add(placeholderIssues({ ...page, data: { [list]: record.data[list]! } }));
    digests.get(list)!.add(record, before);
    filled.add(`/${list}`);
  }
  const base = kind.schema(network.data);
  const whole = [...digests.values()].reduce((sum, digest) => digest.into(sum), network);
  add(
    schemaIssues(
      network,
      base.errors.filter(({ instancePath }) => !filled.has(instancePath)),
    ),
  );
  add(referenceIssues(whole, [...base.mentions, ...mentions], at));
  add(formIssues(whole));
  add(placeholderIssues(network));
  add(ruleIssues(whole, kind.rules, at, kind.places));
  const named = [...base.mentions, ...mentions].filter(({ list }) => inPages(list)).map(({ id }) => id);
  return { issues: limitIssues(issues), named: new Set(named) };
}

/** A mention on a page, with the number its row has in the whole list. */
function moved(mention: Mention, list: string, before: number): Mention {
  const [index = '0', ...rest] = mention.pointer.slice(list.length + 2).split('/');
  return { ...mention, pointer: `/${[list, Number(index) + before, ...rest].join('/')}` };
}
