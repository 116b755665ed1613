import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Log } from '../../src/log.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { outcomeIssues } from '../../src/server/outcome-issues.ts';
import type { FhirServer } from '../../src/server/types.ts';
import { openServer } from './open-server.ts';
import { all, fhirJson } from './resources.ts';

const canary = 'ZZCANARIDURAND';
const secret = 'mot-de-passe-canari';
const lines: string[] = [];
const keep = (event: string, fields?: object): void => void lines.push(JSON.stringify({ event, ...fields }));
const log: Log = { info: keep, warn: keep, error: keep };

let hospital: Hospital;
let server: FhirServer;
beforeAll(async () => {
  hospital = await startHospital({ name: 'Secrets', ids: 'client' });
  const timeouts = { connectMs: 500, answerMs: 200, totalMs: 600 };
  server = openServer(hospital.base, { auth: { kind: 'basic', user: 'u', password: secret }, timeouts }, log);
});
afterAll(async () => {
  await server.close();
  await hospital.close();
});

describe('errors and logs', () => {
  it('hold nothing of the patient, of the answer or of our credentials, however a call fails', async () => {
    const diagnostics = `HAPI-1094: Resource Patient/${canary} not found, name: ${canary}`;
    const issue = [
      {
        severity: 'error',
        code: 'processing',
        diagnostics,
        details: { text: canary },
        expression: [`Patient.name.where(family='${canary}')`],
      },
    ];
    const body = JSON.stringify({ resourceType: 'OperationOutcome', issue, id: canary });
    const patient = { resourceType: 'Patient', id: canary, name: [{ family: canary }] };
    const errors: unknown[] = [];
    for (const status of [200, 302, 400, 401, 404, 409, 422, 429, 500, 503]) {
      hospital.setFaults(() => ({
        kind: 'answer',
        status,
        headers: { ...fhirJson, location: `http://${canary}/` },
        body,
      }));
      for (const attempt of [
        server.probe(),
        all(server.search('Patient', { identifier: canary })),
        server.readMany([{ type: 'Patient', id: canary }]),
        server.update(patient, '1'),
        server.transaction([
          { method: 'POST', url: 'Patient', resource: patient, ifNoneExist: `identifier=${canary}` },
        ]),
      ]) {
        errors.push(
          await attempt.then(
            () => undefined,
            (error: unknown) => error,
          ),
        );
      }
    }
    hospital.setFaults(() => ({ kind: 'reset', when: 'before' }));
    errors.push(
      await server.update(patient).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    const told = errors.filter((error) => error instanceof Error);
    expect(told.length).toBeGreaterThan(40);
    const everything = [...lines, ...told.map(deep)].join('\n');
    expect(everything).not.toContain(canary);
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(Buffer.from(`u:${secret}`).toString('base64'));
    expect(told.every((error) => error.message.includes('hopital-essai'))).toBe(true);
  });

  it('keep of an OperationOutcome its codes, plain places and HAPI’s number', () => {
    const body = {
      issue: [
        {
          severity: 'error',
          code: 'processing',
          diagnostics: 'HAPI-1094: DURAND',
          expression: ['Bundle.entry[2].resource.subject'],
        },
        { severity: 'oops', code: 'invented', expression: ["Patient.name.where(family='DURAND')"] },
        null,
      ],
    };
    expect(outcomeIssues(body)).toEqual([
      {
        severity: 'error',
        code: 'processing',
        message: 'Signalé par le serveur : processing, HAPI-1094.',
        expression: 'Bundle.entry[2].resource.subject',
        rule: 'HAPI-1094',
      },
      { severity: 'error', code: 'processing', message: 'Signalé par le serveur : processing.' },
      { severity: 'error', code: 'processing', message: 'Signalé par le serveur : processing.' },
    ]);
    expect(outcomeIssues('text')).toEqual([]);
    expect(outcomeIssues({ issue: Array.from({ length: 1000 }, () => ({})) })).toHaveLength(20);
  });
});

/** Every property of an error, its causes too. */
function deep(error: Error): string {
  const own = Object.getOwnPropertyNames(error).filter((name) => name !== 'stack');
  return (
    JSON.stringify(own.map((name) => [name, error[name as keyof Error]])) +
    (error.cause instanceof Error ? deep(error.cause) : '')
  );
}
