import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../../src/fhir/issue.ts';
import { starterFile } from '../../src/network/starter.ts';
import { issuesOf, type Kinds, kindsOfTheProject, today } from './project.ts';

describe('the starter file of every kind', () => {
  let kinds: Kinds;
  let folder: string;
  beforeAll(async () => {
    kinds = await kindsOfTheProject();
    folder = await mkdtemp(join(tmpdir(), 'passerelle-starter-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });
  const check = async (text: string): Promise<Issue[]> => {
    const file = join(folder, 'reseau.yaml');
    await writeFile(file, text);
    return issuesOf(file, kinds);
  };
  const everyKind = async (then: (text: string, name: string) => Promise<void>): Promise<void> => {
    expect(kinds.size).toBeGreaterThan(3);
    for (const [name, kind] of kinds) {
      await then(starterFile(kind, { schema: `mappings/${name}/schema.json`, day: today }), name);
    }
  };

  it('has no fault, and a warning for each value that is to be filled in', () =>
    everyKind(async (text, name) => {
      const issues = await check(text);
      // A département numbered 00 is one of these values; where a kind knows the real ones it says so too.
      const others = issues.filter(({ rule }) => rule !== 'placeholder' && !rule?.endsWith('-place-known'));
      expect(others).toEqual([]);
      expect(issues.map(({ message }) => message)).toContain(
        '« a-completer » vient du fichier de départ : à remplacer.',
      );
      expect(text.split('\n', 1)[0]).toBe(`# yaml-language-server: $schema=mappings/${name}/schema.json`);
    }));

  it('keeps the form its schema asks for when every # before a field is taken away', () =>
    everyKind(async (text) => {
      const whole = text.replace(/^( *)#( {2}|[^ ])/gm, '$1$2');
      expect(whole).not.toBe(text);
      const faults = (await check(whole)).filter(({ severity }) => severity === 'error');
      expect(faults.filter(({ code }) => code !== 'business-rule')).toEqual([]);
    }));

  it('names every field of the kind, with what its schema says of it', () =>
    everyKind(async (text, name) => {
      const told = text.replaceAll(/\n *# /g, ' ');
      for (const [field, { description }] of kinds.get(name)!.shape.fields) {
        expect(text).toMatch(new RegExp(`^#?${field}:`, 'm'));
        if (description !== undefined) expect(told).toContain(description);
      }
    }));
});
