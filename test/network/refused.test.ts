/** Every bad network file of test/fixtures/networks/refused gives exactly the issues listed in its expected.json. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatIssue } from '../../src/fhir/issue.ts';
import { issuesOf, kindsOfTheProject } from './project.ts';
import type { Kinds } from './project.ts';

const folder = join('test', 'fixtures', 'networks', 'refused');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, string[]>;
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe('a network file that is not right', () => {
  let kinds: Kinds;
  beforeAll(async () => {
    kinds = await kindsOfTheProject();
  });

  it('has its issues listed', () => {
    expect(Object.keys(expected).sort()).toEqual(files.sort());
  });

  it.each(files)('is told with every fault, its line and its column: %s', async (name) => {
    const issues = await issuesOf(join(folder, name), kinds);
    expect(issues.map((issue) => formatIssue(issue).replaceAll(join(folder, '/'), ''))).toEqual(
      expected[name],
    );
  });

  it('breaks every rule of every kind at least once', async () => {
    const broken = new Set<string | undefined>();
    for (const name of files)
      for (const { rule } of await issuesOf(join(folder, name), kinds)) broken.add(rule);
    const rules = [...kinds.values()].flatMap((kind) => kind.rules.map(({ id }) => id));
    expect(rules.filter((id) => !broken.has(id))).toEqual([]);
    expect(new Set(rules).size).toBe(rules.length);
  });
});
