import { afterEach, describe, expect, it } from '@jest/globals';
import { apply } from '../../src/publish/apply.ts';
import { runDetail } from '../../src/publish/history.ts';
import { plan } from '../../src/publish/plan.ts';
import { resume } from '../../src/publish/resume.ts';
import { held, isWrite, items, networkKey, openWorld, tenant, type World } from '../delivery/world.ts';
import { described, owned, publishParts, to } from './networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };

/** A network of `size` services under one organisation; each `bad` one says so in its comment. */
const services = (size: number, bad: readonly number[] = []) =>
  described('n1', [
    owned('Organization', 'n1', { active: true, name: 'Réseau' }),
    ...Array.from({ length: size }, (_, index) =>
      owned('HealthcareService', `n1/offer/${String(index).padStart(3, '0')}`, {
        active: true,
        comment: bad.includes(index) ? 'REFUSE-MOI' : 'bien',
        providedBy: to('Organization', 'n1'),
      }),
    ),
  ]);

/** The hospital refuses, by a rule of its own, whatever contains a word. Answers what it is sent from now on. */
function refuse(word: string | undefined, status = 422): string[] {
  const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'business-rule' }] };
  const headers = { 'content-type': 'application/fhir+json' };
  const answer = { kind: 'answer', status, headers, body: JSON.stringify(outcome) } as const;
  const sent: string[] = [];
  world.hospitals.get('a')!.setFaults(({ body, headers }) => {
    if (isWrite(headers)) sent.push(body);
    return word !== undefined && body.includes(word) ? answer : undefined;
  });
  return sent;
}

const written = async (): Promise<number> =>
  (await held(world, 'a', 'HealthcareService')).length + (await held(world, 'a', 'Organization')).length;

describe.each(['client', 'server'] as const)(
  'a publication that is refused in part, ids by the %s',
  (ids) => {
    it.each([400, 422])(
      'sets aside the refused resource alone (HTTP %i), and finishes when its cause is corrected',
      async (status) => {
        world = await openWorld({ servers: [{ id: 'a', ids }] });
        const parts = publishParts(world);
        refuse('REFUSE-MOI', status);
        const first = await apply(parts, scope, [services(70, [40])]);
        expect(first.servers).toEqual([{ server: 'a', written: 70, parked: 1, waiting: 0 }]);
        expect(await written()).toBe(70);
        const detail = await runDetail(parts, tenant, { run: first.run });
        expect(detail.servers[0]!.reasons.map(({ resource }) => resource)).toEqual([
          `HealthcareService ${networkKey('n1/offer/040')}`,
        ]);
        // The same again ends the same way and leaves one parked item, not two.
        const again = await apply(parts, scope, [services(70, [40])]);
        expect(again.servers).toEqual([{ server: 'a', written: 0, parked: 1, waiting: 0 }]);
        expect((await items(world)).filter(({ state }) => state === 'parked')).toHaveLength(1);
        const corrected = await apply(parts, scope, [services(70)]);
        expect(corrected.plan.servers[0]!.counts).toMatchObject({ create: 1, update: 0 });
        expect(corrected.servers).toEqual([{ server: 'a', written: 1, parked: 0, waiting: 0 }]);
        expect((await plan(parts, tenant, [services(70)])).servers[0]!.changes).toEqual([]);
      },
    );

    it('sets aside with the refused resource what depends on it, and resumes the run in order', async () => {
      world = await openWorld({ servers: [{ id: 'a', ids }] });
      const parts = publishParts(world);
      const sent = refuse('Réseau');
      const first = await apply(parts, scope, [services(3)]);
      expect(first.servers).toEqual([{ server: 'a', written: 0, parked: 4, waiting: 0 }]);
      // The gateway knows it: servers that check no reference would take a link to what is not there.
      expect(sent.filter((body) => body.includes('"HealthcareService"') && !body.includes('Réseau'))).toEqual(
        [],
      );
      const { reasons } = (await runDetail(parts, tenant, { run: first.run })).servers[0]!;
      expect(
        reasons.filter(({ message }) => message.includes('n’existe pas encore sur ce serveur')),
      ).toHaveLength(3);
      refuse(undefined);
      const resumed = await resume(parts, tenant, { run: first.run.slice(0, 8) });
      expect(resumed.servers).toEqual([{ server: 'a', written: 4, parked: 0, waiting: 0 }]);
      expect((await world.store.runs.list(tenant, 1))[0]).toMatchObject({ id: first.run, status: 'done' });
      expect(await written()).toBe(4);
      expect((await plan(parts, tenant, [services(3)])).servers[0]!.changes).toEqual([]);
    });
  },
);

describe('a circle of links in a refused publication', () => {
  const ring = (word: string) =>
    described('n1', [
      owned('Organization', 'n1', { active: true, name: 'Réseau' }),
      ...['a', 'b', 'c'].map((one, index) =>
        owned('HealthcareService', `n1/offer/${one}`, {
          active: true,
          comment: one === 'c' ? word : 'bien',
          providedBy: to('Organization', 'n1'),
          extension: [
            { url: 'urn:voisin', valueReference: to('HealthcareService', `n1/offer/${'bca'[index]}`) },
          ],
        }),
      ),
      owned('Location', 'n1/place', {
        status: 'active',
        name: 'Lieu',
        managingOrganization: to('Organization', 'n1'),
      }),
    ]);

  it('is never split: it is set aside and resumed as one', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    const sent = refuse('REFUSE-MOI');
    const first = await apply(parts, scope, [ring('REFUSE-MOI')]);
    expect(first.servers).toEqual([{ server: 'a', written: 2, parked: 3, waiting: 0 }]);
    const services = sent.map((body) => body.split('"resourceType":"HealthcareService"').length - 1);
    expect(new Set(services)).toEqual(new Set([0, 3]));
    expect((await items(world)).filter(({ state }) => state === 'parked')).toHaveLength(1);
    refuse(undefined);
    const resumed = await resume(parts, tenant, { run: first.run });
    expect(resumed.servers).toEqual([{ server: 'a', written: 5, parked: 0, waiting: 0 }]);
    expect((await plan(parts, tenant, [ring('REFUSE-MOI')])).servers[0]!.changes).toEqual([]);
  });
});

describe('a run that was cut short', () => {
  it('is finished by resuming it: exactly what is left is written, once', async () => {
    world = await openWorld({ policy: { baseMs: 1 } });
    const parts = publishParts(world);
    let answers = 0;
    world.hospitals.get('a')!.setFaults(({ headers }) => {
      if (!String(headers['prefer']).includes('return=minimal')) return undefined;
      answers += 1;
      return answers === 1 ? { kind: 'reset', when: 'after' } : { kind: 'answer', status: 503 };
    });
    const { run, servers } = await apply(parts, scope, [services(100)], { waitMs: 300 });
    expect(servers[0]!.waiting).toBeGreaterThan(0);
    world.hospitals.get('a')!.setFaults(undefined);
    world.clock.advance(60_000);
    const resumed = await resume(parts, tenant, { run, waitMs: 10_000 });
    expect(resumed.servers).toEqual([{ server: 'a', written: 101, parked: 0, waiting: 0 }]);
    const versions = (await held(world, 'a', 'HealthcareService')).map((one) => one.meta?.versionId);
    expect(versions).toHaveLength(100);
    expect(new Set(versions)).toEqual(new Set(['1']));
  });

  it('is not resumed when it published nothing', async () => {
    world = await openWorld();
    const parts = publishParts(world);
    await expect(resume(parts, tenant, { run: 'nobody' })).rejects.toMatchObject({ category: 'not-found' });
    await world.store.runs.start(tenant, { id: 'r1', kind: 'reconcile', actor: 'x', startedAt: new Date() });
    await expect(resume(parts, tenant, { run: 'r1' })).rejects.toMatchObject({ category: 'unprocessable' });
  });
});
