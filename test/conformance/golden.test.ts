/** Two validators that are not ours judge what the project shows and sends. Needs a JDK and Maven. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { goldenFiles } from '../../scripts/golden/files.ts';
import { judge } from '../../scripts/golden/judge.ts';
import type { Verdict } from '../../scripts/golden/verdict.ts';

const root = resolve(import.meta.dirname, '../..');
const wrong = join('test', 'fixtures', 'profiles', 'invalid');
const wrongFiles = readdirSync(join(root, wrong)).map((name) => join(wrong, name));

/** Build of the Java projects, their start and the judging itself. */
const minutes = 60_000;

describe('golden files before the HAPI and HL7 validators', () => {
  let verdicts: Verdict[];
  const errorsOf = (validator: string) =>
    verdicts.filter((verdict) => verdict.validator === validator).flatMap(({ errors }) => errors);

  beforeAll(() => {
    verdicts = judge([...goldenFiles(root), ...wrongFiles.map((file) => join(root, file))]);
  }, 10 * minutes);

  it.each(['HAPI', 'HL7'])('%s finds no error in any golden file (P-46)', (validator) => {
    expect(errorsOf(validator).filter(({ source }) => !source.startsWith(wrong))).toEqual([]);
  });

  it.each(wrongFiles)('HAPI refuses %s', (file) => {
    expect(errorsOf('HAPI').filter(({ source }) => source === file)).not.toEqual([]);
  });

  it.each(wrongFiles)('HL7 refuses %s', (file) => {
    expect(errorsOf('HL7').filter(({ source }) => source === file)).not.toEqual([]);
  });

  it('says which terminologies could not be checked', () => {
    for (const { unchecked } of verdicts) expect(unchecked).toContain('http://loinc.org');
  });
});
