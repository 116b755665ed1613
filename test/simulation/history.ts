/** One history: senders, gateways that are killed and started again, hospitals that fail, until everything is quiet. */
import type { Delivery } from '../../src/delivery/create-delivery.ts';
import type { DeliveryStore } from '../../src/delivery/port.ts';
import type { Effect } from '../../src/delivery/types.ts';
import type { Log } from '../../src/log.ts';
import type { Repositories } from '../../src/store/store.ts';
import type { Core } from './core.ts';
import { createDatabase, type Database } from './database.ts';
import { createHospital, type Hospital, noFaults } from './hospital.ts';
import { seeded } from '../reliability/random.ts';
import { createScheduler, type CrashPoint, type Process, type Scheduler } from './scheduler.ts';
import { type Item, memoryStore, type Notes } from './store.ts';
import { drawSenders, effectKind, type Request, type Sender, tenant } from './workload.ts';

export type HistoryOptions = {
  seed: number;
  /** One kill at this call of the gateways; without it kills come at random. */
  crash?: CrashPoint;
  /** Nothing fails by itself: for crash points, so that each is met at the same call. */
  calm?: boolean;
};

/** What is left when all is quiet, for the checker. */
export type Outcome = {
  options: HistoryOptions;
  /** Everything that the seed decided, for whoever repeats it. */
  drawn: {
    gateways: number;
    hospitals: string[];
    senders: number;
    kills: number;
    pauses: number;
    foreignEdits: number;
  };
  /** Answered 2xx. */
  acknowledged: Request[];
  items: Item[];
  effects: { item: number; key: string }[];
  receipts: { outboxId: number; key: string }[];
  hospitals: Hospital[];
  quiet: boolean;
  crashed: boolean;
  calls: number;
};

const silent: Log = { info() {}, warn() {}, error() {}, debug() {} } as unknown as Log;
const troubleMs = 60_000;
const healingMs = 3 * 3_600_000;

/** Plays it. The same options give the same outcome. */
export async function playHistory(core: Core, options: HistoryOptions): Promise<Outcome> {
  const random = seeded(options.seed);
  const scheduler = createScheduler(random, options.crash);
  const unavailable = (): Error =>
    new core.GatewayError({ category: 'unavailable', side: 'gateway', message: 'database' });
  const database = createDatabase(scheduler, unavailable);
  const hospitals = [
    createHospital('a', 'client', scheduler, core),
    createHospital('b', 'server', scheduler, core),
  ];
  const senders = drawSenders(
    random,
    hospitals.map(({ id }) => id),
  );
  const gateways = 1 + random.below(2);
  const outcome = { kills: 0, pauses: 0, foreignEdits: 0 };

  const running = Array.from({ length: gateways }, (_, n) => startGateway(n, 0));
  const acknowledged: Request[] = [];
  let pending = senders.length;
  for (const sender of senders) void send(sender).then(() => (pending -= 1));
  if (!options.calm) trouble();
  const healed = scheduler.now() + (options.calm ? 0 : troubleMs);
  scheduler.at(healed, heal);

  const quiet = await scheduler.run(
    () => pending === 0 && scheduler.now() >= healed && isQuiet(database),
    healed + healingMs,
  );
  for (const gateway of running) scheduler.kill(gateway.process);
  return {
    options,
    drawn: { gateways, hospitals: hospitals.map(({ ids }) => ids), senders: senders.length, ...outcome },
    acknowledged,
    items: database.committed('outbox') as unknown as Item[],
    effects: database.committed('effect') as unknown as Outcome['effects'],
    receipts: database.committed('receipt') as unknown as Outcome['receipts'],
    ...{ hospitals, quiet, crashed: scheduler.crashed(), calls: scheduler.calls() },
  };

  function startGateway(n: number, life: number): { process: Process; delivery: Delivery } {
    const skew = random.below(5) === 0 ? random.below(7_200_000) - 3_600_000 : 0;
    const process = scheduler.process(`gateway ${n} life ${life}`, options.calm ? 0 : skew);
    const delivery = core.createDelivery({
      store: memoryStore(database, process, () => scheduler.now()),
      servers: new Map(hospitals.map((hospital) => [hospital.id, hospital.seenBy(process)])),
      serverConfigs: hospitals.map(({ id, ids }) => ({ id, ids }) as never),
      ...{ clock: process.clock, log: silent },
      ids: idsOf(process, scheduler),
      effects: new Map<string, Effect>([[effectKind, noteEffect]]),
      localId: (_lane, _server, type, key) => core.logicalId(type, key),
      documentBytes: () => Promise.reject(new Error('no document here')),
    });
    const gateway = { process, delivery };
    delivery.start();
    process.onKill.push(() => {
      outcome.kills += 1;
      scheduler.at(scheduler.now() + 200 + random.below(3_000), () => {
        running[n] = startGateway(n, life + 1);
      });
    });
    return gateway;
  }

  /** Asks until it is answered; the same key twice has one effect, as the intake does it. */
  async function send({ name, requests }: Sender): Promise<void> {
    const person = scheduler.process(`sender ${name}`);
    await person.clock.sleep(random.below(500));
    for (const request of requests) {
      for (;;) {
        const through = random.pick(running).process;
        const answered = await accept(request, through, person);
        if (answered) break;
        await person.clock.sleep(500 + random.below(500));
      }
      acknowledged.push(request);
    }
  }

  /** The gateway's side runs in its process; the sender sees an answer, a refusal, or nothing in time. */
  function accept(request: Request, gateway: Process, person: Process): Promise<boolean> {
    return new Promise((resolve) => {
      const gaveUp = new AbortController();
      void person.clock.sleep(10_000, gaveUp.signal).then(() => resolve(false));
      const answer = (ok: boolean): void => {
        resolve(ok);
        gaveUp.abort();
      };
      acceptance(request, gateway).then(
        () => answer(true),
        () => answer(false),
      );
    });
  }

  async function acceptance({ key, item }: Request, gateway: Process): Promise<void> {
    const store: DeliveryStore = memoryStore(database, gateway, () => scheduler.now());
    await store.transaction(async (tx) => {
      const { notes } = tx as unknown as { notes: Notes };
      if (await notes.add('intake', key, { key })) await core.enqueue(tx, [item], gateway.clock);
    });
  }

  function trouble(): void {
    const level = random.fraction() * 0.25;
    database.faults.refuse = random.chance(0.3) ? level * 0.2 : 0;
    database.faults.loseCommitAnswer = random.chance(0.3) ? level * 0.2 : 0;
    for (const hospital of hospitals) {
      const some = (): number => (random.chance(0.5) ? random.fraction() * level : 0);
      hospital.faults = { refuse: some(), lose: some(), late: some(), throttle: some(), slow: some() };
      if (random.chance(0.3)) {
        const from = scheduler.now() + random.below(troubleMs);
        scheduler.at(from, () => void (hospital.down = true));
        scheduler.at(from + random.below(40_000), () => void (hospital.down = false));
      }
    }
    if (!options.crash)
      for (let kills = random.below(5); kills > 0; kills -= 1)
        scheduler.at(scheduler.now() + random.below(troubleMs / 4), () =>
          scheduler.kill(random.pick(running).process),
        );
    for (let pauses = random.below(4); pauses > 0; pauses -= 1)
      scheduler.at(scheduler.now() + random.below(troubleMs / 4), () => {
        scheduler.freeze(random.pick(running).process, 1_000 + random.below(30_000));
        outcome.pauses += 1;
      });
    for (let edits = random.below(3); edits > 0; edits -= 1)
      scheduler.at(scheduler.now() + random.below(troubleMs / 2), foreignEdit);
  }

  /** Somebody at the hospital changes a published Organization. */
  function foreignEdit(): void {
    const hospital = random.pick(hospitals);
    const names = [...hospital.resources.keys()].filter((name) => name.startsWith('Organization/'));
    if (names.length === 0) return;
    outcome.foreignEdits += 1;
    hospital.edit(random.pick(names), (resource) => ({
      ...resource,
      alias: [`by hand ${outcome.foreignEdits}`],
    }));
  }

  function heal(): void {
    Object.assign(database.faults, { refuse: 0, loseCommitAnswer: 0 });
    for (const hospital of hospitals) Object.assign(hospital, { faults: { ...noFaults }, down: false });
  }
}

const noteEffect: Effect = async (tx, item) => {
  const { notes } = tx as unknown as Repositories & { notes: Notes };
  for (const { key } of item.entries) await notes.log('effect', { item: item.id, key, tenant });
};

function idsOf(process: Process, { random }: Scheduler): { uuid(): string; fraction(): number } {
  let given = 0;
  return { uuid: () => `${process.name}-${(given += 1)}`, fraction: () => random.fraction() };
}

function isQuiet(database: Database): boolean {
  const items = database.committed('outbox') as unknown as Item[];
  const parked = new Set(items.filter(({ state }) => state === 'parked').map(lineOf));
  return !items.some(
    (item) => item.state === 'sending' || (item.state === 'queued' && !parked.has(lineOf(item))),
  );
}

function lineOf({ tenant: of, serverId, subject }: Item): string {
  return JSON.stringify([of, serverId, subject]);
}
