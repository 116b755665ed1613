/** A word that a network file may hold has a code, or the mapping would fall silent on it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';

/** Words that choose a rule or are for people only, and so need no code. */
const withoutCode = ['document', 'mco-ssr'];

/** A media type is published as it is written. */
const isMediaType = (word: string): boolean => /^[a-z]+\/[a-z0-9.-]+$/.test(word);

it('every word of a source schema stands in a code table', () => {
  const schemas = readdirSync('mappings', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|\/)(network\.)?schema\.json$/.test(name),
  );
  const words = schemas.flatMap((name) => wordsOf(JSON.parse(readFileSync(join('mappings', name), 'utf8'))));
  const tables = readdirSync(join('mappings', 'codes')).map(
    (name) => parse(readFileSync(join('mappings', 'codes', name), 'utf8')) as { codes: object },
  );
  const coded = new Set(tables.flatMap(({ codes }) => Object.keys(codes)));
  const uncoded = new Set(words.filter((word) => !coded.has(word) && !isMediaType(word)));
  expect(words.length).toBeGreaterThan(100);
  expect([...uncoded].sort()).toEqual([...withoutCode].sort());
});

function wordsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const words: unknown = (schema as { enum?: unknown }).enum;
  const own = Array.isArray(words) ? words.map(String) : [];
  return [...own, ...Object.values(schema).flatMap(wordsOf)];
}
