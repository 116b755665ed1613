/** A corpus before our validator, HAPI's and HL7's. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judgeWithHapi } from '../../scripts/golden/hapi-validator.ts';
import { judgeWithHl7 } from '../../scripts/golden/hl7-validator.ts';
import type { Verdict } from '../../scripts/golden/verdict.ts';
import type { Validator } from '../../src/validation/validator.ts';
import type { Case } from '../validation/corpus.ts';

/** Who judges beside us. */
export type Judge = 'HAPI' | 'HL7';

export type Finding = { severity: 'error' | 'warning'; expression: string; message: string };

/** A case and what each says of it. */
export type Judged = Case & Record<'ours' | Judge, Finding[]>;

export type Judgement = {
  cases: Judged[];
  /** Milliseconds over the whole corpus, start left out. */ ms: Partial<Record<Judge, number>>;
};

const root = resolve(import.meta.dirname, '../..');

/** The corpus before the judges named; takes a minute for some hundreds. Needs a JDK and Maven. */
export function judgeCorpus(
  cases: readonly Case[],
  validator: Validator,
  judges: readonly Judge[],
  rounds = 1,
): Judgement {
  const folder = mkdtempSync(join(tmpdir(), 'passerelle-agreement-'));
  try {
    mkdirSync(join(folder, 'work'));
    const samples = cases.map(({ resource }, index) => {
      const path = join(folder, `${index}.json`);
      writeFileSync(path, JSON.stringify(resource));
      return { path, source: String(index) };
    });
    const guide = join(root, 'profiles', 'generated');
    const none = new Map<string, Finding[]>();
    const hapi = judges.includes('HAPI') ? judgeWithHapi(root, guide, samples, rounds) : undefined;
    const hl7 = judges.includes('HL7')
      ? judgeWithHl7(root, guide, samples, join(folder, 'work'), true)
      : undefined;
    const [byHapi, byHl7] = [hapi ? findings(hapi) : none, hl7 ? findings(hl7) : none];
    return {
      cases: cases.map((one, index) => ({
        ...one,
        ours: validator.validate(one.resource).map(({ severity, expression, message }) => {
          return {
            severity: severity === 'warning' ? severity : 'error',
            expression: expression ?? '',
            message,
          };
        }),
        HAPI: byHapi.get(String(index)) ?? [],
        HL7: byHl7.get(String(index)) ?? [],
      })),
      ms: hapi?.ms === undefined ? {} : { HAPI: hapi.ms },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function findings({ errors, warnings }: Verdict): Map<string, Finding[]> {
  const bySource = new Map<string, Finding[]>();
  const add =
    (severity: Finding['severity']) =>
    ({ source, expression, message }: Verdict['errors'][number]): void => {
      bySource.set(source, [
        ...(bySource.get(source) ?? []),
        { severity, expression: plain(expression), message },
      ]);
    };
  errors.forEach(add('error'));
  warnings.forEach(add('warning'));
  return bySource;
}

/** `Bundle.entry[0].resource/*Patient/p…/.value.ofType(Quantity)` in our spelling. */
function plain(expression: string): string {
  return expression
    .replace(/\/\*.*?\*\//g, '')
    .replace(/\.ofType\(\w+\)/g, '')
    .replace(/\((.*?) as \w+\)/g, '$1');
}

/** True when one refuses a case. */
export function refuses(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
