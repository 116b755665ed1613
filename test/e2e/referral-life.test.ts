/** One referral in a running gateway: what the placer may not do, what is late, what a notification brings, who closes. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { until } from '../../src/demo/http.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { type EndToEnd, password, startEndToEnd } from './stage.ts';

let stage: EndToEnd;
let task: AnyResource & { id: string };
let order: AnyResource & { id: string };
let id: string;

beforeAll(async () => {
  stage = await startEndToEnd();
  expect(await stage.command('apply', '--network', 'coreso-le-vinatier')).toMatchObject({ code: 0 });
  expect((await stage.as('psychiatrie').post('', stage.cast.referral)).status).toBe(200);
  const [placed] = await stage.as('psychiatrie').all('ServiceRequest?intent=order');
  order = placed as typeof order;
  const [own] = await stage.as('psychiatrie').all(`Task?focus=ServiceRequest/${order.id}`);
  task = own as typeof task;
  const { stdout } = await stage.command('referral', 'list', '--json');
  [{ id }] = JSON.parse(stdout) as [{ id: string }];
}, 400_000);
afterAll(() => stage.close());

type Outcome = { issue: { details?: { text?: string }; diagnostics?: string; expression?: string[] }[] };

describe('a referral in a running gateway', () => {
  it.each<[string, () => ReturnType<ReturnType<EndToEnd['as']>['put']>, number]>([
    [
      'start in the fulfiller’s place',
      () => stage.as('psychiatrie').put(`Task/${task.id}`, { ...task, status: 'in-progress' }),
      422,
    ],
    ['accept it', () => stage.as('psychiatrie').put(`Task/${task.id}`, { ...task, status: 'accepted' }), 422],
    [
      'close it before its end',
      () => stage.as('psychiatrie').put(`ServiceRequest/${order.id}`, { ...order, status: 'completed' }),
      422,
    ],
    [
      'change what was asked',
      () => stage.as('psychiatrie').put(`ServiceRequest/${order.id}`, { ...order, priority: 'stat' }),
      422,
    ],
    [
      'ask to stop what has not started',
      () =>
        stage.as('psychiatrie').post('Task', {
          resourceType: 'Task',
          status: 'requested',
          intent: 'order',
          code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'abort' }] },
          focus: { reference: `Task/${task.id}` },
        }),
      422,
    ],
    [
      'write under a stale version',
      () => stage.as('psychiatrie').put(`Task/${task.id}`, { ...task, status: 'cancelled' }, 'W/"99"'),
      412,
    ],
    [
      'be the fulfiller and cancel here',
      () => stage.as('coreso').put(`Task/${task.id}`, { ...task, status: 'cancelled' }),
      403,
    ],
  ])('refuses to %s, with an OperationOutcome', async (_case, act, status) => {
    const answer = await act();
    expect(answer.status).toBe(status);
    const { issue } = answer.resource as unknown as Outcome;
    expect(issue[0]?.details?.text?.length).toBeGreaterThan(10);
  });

  it('tells what is late: the job, the list, the Task with its owner', async () => {
    await until(async () => (await stage.at('ville').all('Task?status=requested'))[0], 'la tâche à la ville');
    const database = new pg.Client({ connectionString: stage.databaseUrl });
    await database.connect();
    await database.query(`update referral_event set at = at - interval '30 days'`);
    await database.end();
    const watched = await stage.command('schedule', 'run', 'watch');
    expect(watched.code).toBe(0);
    const { stdout } = await stage.command('referral', 'list', '--overdue');
    expect(stdout).toContain('en retard : réponse du destinataire');
    expect((await stage.command('referral', 'show', id)).stdout).toMatch(
      /réponse du destinataire.*destinataire.*EN RETARD/,
    );
    const tasks = await stage.as('psychiatrie').all('Task?status=requested');
    const late = tasks.find(({ description }) => String(description).includes('réponse du destinataire'));
    expect(late?.['owner']).toBeDefined();
  }, 300_000);

  it('learns from a notification at once what the fulfiller decided, and from a forged one nothing', async () => {
    const tasks = await stage.at('ville').all('Task?status=requested');
    const there = tasks.find(({ code }) => JSON.stringify(code).includes('fulfill'))!;
    const rejected = { ...there, status: 'rejected', statusReason: { text: 'Hors secteur' } };
    expect((await stage.at('ville').put(`Task/${there.id}`, rejected)).status).toBe(200);
    const notify = (secret: string) =>
      fetch(`${stage.address}/notify/ville`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}` },
      });
    expect((await notify('forged')).status).toBe(401);
    expect((await notify(password)).status).toBe(200);
    const told = await until(async () => {
      const { resource } = await stage.as('psychiatrie').get(`Task/${task.id}`);
      return resource['status'] === 'rejected' ? resource : undefined;
    }, 'le refus');
    expect(told['statusReason']).toEqual({ text: 'Hors secteur' });
  }, 120_000);

  it('stays in the list until somebody closes it', async () => {
    expect((await stage.command('referral', 'list')).stdout).toContain('à clore par le demandeur');
    const closed = await stage.command('referral', 'close', id, '--by', 'Dr ESSAI');
    expect([closed.code, closed.stdout]).toEqual([0, expect.stringContaining('clos (refusé)') as unknown]);
    expect((await stage.command('referral', 'show', id)).stdout).toMatch(/clos.*Dr ESSAI/);
    const again = await stage.command('referral', 'abort', id);
    expect(again.code).not.toBe(0);
    expect(again.stderr).toContain('terminée');
  }, 300_000);
});
