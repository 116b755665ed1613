/** The pages of the implementation guide lead where they say, and leave nothing of the guide out. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { goldenExamples } from '../../scripts/guide/examples.ts';
import { anchor, code, table, text } from '../../scripts/guide/markdown.ts';
import { exampleOf, isProfile, readGuide, root } from '../../scripts/guide/resources.ts';

const folder = join(root, 'docs', 'ig');
const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
const pages = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

function anchorsOf(page: string): Set<string> {
  return new Set([...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!.replace(/\\/g, ''))));
}

describe('the pages of the guide', () => {
  it('hold no link that leads nowhere', () => {
    const dead = [...pages].flatMap(([name, page]) =>
      [...page.matchAll(/\]\(([^)]+)\)/g)]
        .map(([, target]) => target!)
        .filter((target) => {
          const [file, place] = target.split('#') as [string, string?];
          if (file.startsWith('..')) return !existsSync(join(folder, file));
          const there = pages.get(file);
          return there === undefined || (place !== undefined && !anchorsOf(there).has(place));
        })
        .map((target) => `${name}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('name every canonical of the guide', () => {
    const all = [...pages.values()].join('\n');
    expect(
      readGuide()
        .map(({ url }) => url)
        .filter((url) => !all.includes(code(url))),
    ).toEqual([]);
  });

  it('repeat nothing that R4 says of its own elements', () => {
    const repeated = [...pages].filter(([, page]) =>
      page.includes('Additional content defined by implementations'),
    );
    expect(repeated.map(([name]) => name)).toEqual([]);
  });

  it('show an example of every profile', () => {
    expect(readGuide().filter((one) => isProfile(one) && exampleOf(one) === undefined)).toEqual([]);
  });

  it('take the examples of what networks publish from the golden files', () => {
    const files = readdirSync(join(folder, 'examples')).map((name) => name.replace('.json', ''));
    expect(files.sort()).toEqual([...goldenExamples().keys()].sort());
    expect(files.length).toBeGreaterThan(12);
  });
});

describe('Markdown of a page', () => {
  it('takes signs of Markdown and HTML literally', () => {
    expect(text('a | b <i>*c*</i>\n_d_ [e](f)')).toBe('a \\| b \\<i\\>\\*c\\*\\</i\\> \\_d\\_ \\[e\\](f)');
    expect(code('a|b')).toBe('`a\\|b`');
  });

  it('has no table without rows', () => {
    expect(table(['A'], [])).toEqual([]);
    expect(table(['A', 'B'], [['1', '2']])).toEqual(['', '| A | B |', '| --- | --- |', '| 1 | 2 |']);
  });
});
