/** Our validator and HAPI's give the same verdict, over every fixture of the profiles and hundreds of single faults. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeWithHapi } from '../../scripts/golden/hapi-validator.ts';
import { mutantsOf } from '../validation/mutants.ts';
import { testValidator } from '../validator.ts';

type Case = { file: string; fault: string; resource: unknown };
type Known = { refusedBy: string; fault: string; message: string; reason: string };
type Judged = Case & { ours: string[]; hapi: string[] };

const root = resolve(import.meta.dirname, '../..');
const fixtures = join(root, 'test', 'fixtures', 'profiles');
const known = JSON.parse(readFileSync(join(import.meta.dirname, 'disagreements.json'), 'utf8')) as Known[];
const seed = 20261122;
const sampleSize = process.env['PASSERELLE_LONG'] ? 3000 : 300;
const minutes = 60_000;

function fixturesOf(folder: string): Case[] {
  return readdirSync(join(fixtures, folder)).map((file) => {
    const text = readFileSync(join(fixtures, folder, file), 'utf8');
    return { file, fault: '', resource: JSON.parse(text) as unknown };
  });
}

function sampleOfMutants(valid: readonly Case[]): Case[] {
  const all = valid.flatMap(({ file, resource }) =>
    mutantsOf(resource as object).map((mutant) => ({ file, ...mutant })),
  );
  const chosen = fc.shuffledSubarray(all, { minLength: sampleSize, maxLength: sampleSize });
  return fc.sample(chosen, { seed, numRuns: 1 })[0]!;
}

/** The messages of the errors of both, for each case. */
async function judgeAll(cases: readonly Case[]): Promise<Judged[]> {
  const folder = mkdtempSync(join(tmpdir(), 'passerelle-agreement-'));
  try {
    const samples = cases.map(({ resource }, index) => {
      const path = join(folder, `${index}.json`);
      writeFileSync(path, JSON.stringify(resource));
      return { path, source: String(index) };
    });
    const { errors } = judgeWithHapi(root, join(root, 'profiles', 'generated'), samples);
    const validator = await testValidator();
    return cases.map((one, index) => ({
      ...one,
      hapi: errors.filter(({ source }) => source === String(index)).map(({ message }) => message),
      ours: validator
        .validate(one.resource)
        .filter(({ severity }) => severity !== 'warning')
        .map(({ message }) => message),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const disagree = ({ ours, hapi }: Judged) => ours.length > 0 !== hapi.length > 0;

function isKnown({ fault, ours, hapi }: Judged): boolean {
  const [refusedBy, messages] = ours.length ? ['ours', ours] : ['HAPI', hapi];
  return messages.every((message) =>
    known.some(
      (one) =>
        one.refusedBy === refusedBy &&
        new RegExp(one.fault).test(fault) &&
        new RegExp(one.message).test(message),
    ),
  );
}

const told = ({ file, fault, ours, hapi }: Judged) =>
  `${file} ${fault || 'as it is'}: ${ours.length ? `ours refuses: ${ours[0]}` : `HAPI refuses: ${hapi[0]}`}`;

describe('the verdict of our validator', () => {
  let judged: Judged[];

  beforeAll(async () => {
    const valid = fixturesOf('valid');
    judged = await judgeAll([...valid, ...fixturesOf('invalid'), ...sampleOfMutants(valid)]);
  }, 10 * minutes);

  it('is that of HAPI, but for disagreements that are written down with their reason', () => {
    expect(
      judged
        .filter(disagree)
        .filter((one) => !isKnown(one))
        .map(told),
    ).toEqual([]);
  });

  it('differs from that of HAPI, written down or not, in fewer than 4 of 100 cases', () => {
    expect(judged.filter(disagree).length).toBeLessThan(judged.length * 0.04);
  });

  it('is tried on cases of which most are faulty and some are not', () => {
    const faulty = judged.filter(({ hapi }) => hapi.length).length;
    expect(faulty).toBeGreaterThan(judged.length * 0.6);
    expect(faulty).toBeLessThan(judged.length * 0.95);
  });
});
