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
  { network, kind, list, pages }: PagedNetwork,
  at: string,
): Promise<{ issues: Issue[]; named: ReadonlySet<string>; rows: number }> {
  const issues: Issue[] = [];
  const add = (more: readonly Issue[]): void => void issues.push(...more.slice(0, maxKept));
  const ofList = (pointer: string): boolean => pointer.startsWith(`/${list}/`);
  const digest = rowDigest(network, kind, list);
  const mentions: Mention[] = [];
  let rows = 0;
  for await (const { record, before } of pages(issues)) {
    const page: Network = { ...record, text: '', hash: '' };
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
        here.filter((mention) => mention.list !== list),
        at,
      ),
    );
    for (const mention of here) if (mention.list === list) mentions.push(moved(mention, list, before));
    add(placeholderIssues({ ...page, data: { [list]: record.data[list]! } }));
    digest.add(record, before);
    rows = before + (record.data[list] as unknown[]).length;
  }
  const base = kind.schema(network.data);
  const whole = digest.network();
  add(
    schemaIssues(
      network,
      base.errors.filter(({ instancePath }) => rows === 0 || instancePath !== `/${list}`),
    ),
  );
  add(referenceIssues(whole, [...base.mentions, ...mentions], at));
  add(formIssues(whole));
  add(placeholderIssues(network));
  add(ruleIssues(whole, kind.rules, at, kind.places));
  const named = [...base.mentions, ...mentions]
    .filter((mention) => mention.list === list)
    .map(({ id }) => id);
  return { issues: limitIssues(issues), named: new Set(named), rows };
}

/** A mention on a page, with the number its row has in the whole list. */
function moved(mention: Mention, list: string, before: number): Mention {
  const [index = '0', ...rest] = mention.pointer.slice(list.length + 2).split('/');
  return { ...mention, pointer: `/${[list, Number(index) + before, ...rest].join('/')}` };
}
