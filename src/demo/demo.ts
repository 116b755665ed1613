/** `npm start`: the whole story on one machine, each step with its time, every figure read back from the hospitals. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { DemoOptions, Output } from '../cli/context.ts';
import { loadConfig } from '../config.ts';
import { createGateway } from '../gateway.ts';
import type { Knowledge } from '../gateway/knowledge.ts';
import { createLog } from '../log.ts';
import { readCast } from './cast.ts';
import { expectClean, expectOnly } from './expect.ts';
import { makeFolder } from './folder.ts';
import { type DemoHospitals, startHospitals } from './hospitals.ts';
import { caller } from './http.ts';
import { playStory, type Stage } from './story.ts';
import { type Summary, summarise } from './summary.ts';
import { isRestored, tamper } from './tamper.ts';
import { createTeller, type Teller } from './teller.ts';

export type DemoParts = {
  output: Output;
  knowledge: Knowledge;
  version: string;
  stopRequested: () => Promise<void>;
};

/** Tells the story; answers the exit code. Without `once` it keeps serving until it is asked to stop. */
export async function tellDemo(options: DemoOptions, parts: DemoParts): Promise<number> {
  const startedAt = performance.now();
  const teller = createTeller(parts.output, options.json);
  const cast = await readCast(parts.knowledge.folders);
  teller.title('Passerelle : démonstration');
  if (options.hapi) parts.output.progress('Préparation de HAPI FHIR avec Maven et Java : quelques minutes.');
  const hospitals = await startHospitals(options.hapi, parts.knowledge.folders.root);
  try {
    teller.step(
      `deux hôpitaux (${hospitals.psychiatry.kind}) : ${hospitals.psychiatry.base} et ${hospitals.town.base}`,
    );
    return await withGateway(options, parts, hospitals, cast, teller, startedAt);
  } finally {
    await Promise.all([hospitals.psychiatry.close(), hospitals.town.close()]);
  }
}

async function withGateway(
  options: DemoOptions,
  { knowledge, version, output, stopRequested }: DemoParts,
  hospitals: DemoHospitals,
  cast: Awaited<ReturnType<typeof readCast>>,
  teller: Teller,
  startedAt: number,
): Promise<number> {
  const networks = join(knowledge.folders.examples, 'networks');
  const { configFile, passwords } = await makeFolder(hospitals, networks, cast, options.port ?? 0);
  const config = loadConfig(configFile, {});
  const stop = stopRequested();
  const gateway = await createGateway(config, { log: createLog(config.log), knowledge, version });
  try {
    const address = await gateway.start();
    teller.step(`passerelle en service : ${address} (PostgreSQL embarqué dans ${config.folder})`);
    const ours = (client: string) =>
      caller(`${address}/fhir`, { user: client, password: passwords[client]! });
    const hospitalCallers = {
      psychiatrie: caller(hospitals.psychiatry.base),
      ville: caller(hospitals.town.base),
    };
    const stage: Stage = {
      cast,
      placer: ours('psychiatrie'),
      fulfiller: ours('coreso'),
      town: hospitalCallers.ville,
      follow: () => gateway.operations.scheduleRun({ job: 'follow' }),
      tell: (line) => teller.step(line),
    };
    const story = tellAll(gateway.operations, stage, hospitalCallers, teller, options, startedAt);
    story.catch(() => undefined); // told to whoever waits below; a story cut short by Ctrl-C has nobody left to tell
    const summary = await Promise.race([story, stop]);
    if (!summary) return 1;
    teller.summary(summary);
    if (!options.once) {
      teller.where(address, configFile);
      await stop;
    }
    if (options.json) output.json(summary);
    return isAsTold(summary) ? 0 : 1;
  } finally {
    await gateway.stop();
  }
}

async function tellAll(
  operations: Awaited<ReturnType<typeof createGateway>>['operations'],
  stage: Stage,
  hospitals: Record<string, ReturnType<typeof caller>>,
  teller: Teller,
  options: DemoOptions,
  startedAt: number,
): Promise<Summary> {
  const applied = await operations.apply({});
  const written = applied.servers.map(({ server, written: n }) => `${n} à ${server}`).join(', ');
  teller.step(`${applied.plan.networks.length} réseaux publiés : ${written}`);
  const second = await operations.plan({});
  const changes = second.servers.flatMap((one) => one.changes.filter(({ op }) => op !== 'unchanged'));
  teller.step(
    changes.length ? `second plan : ${changes.length} changement(s)` : 'second plan : rien à changer',
  );

  await playStory(stage);

  const seed = options.seed ?? randomInt(1_000_000);
  const tampered = await tamper(hospitals, seed);
  const differed = !(await isRestored(hospitals[tampered.hospital]!, tampered));
  const verb = tampered.how === 'deleted' ? 'supprime' : 'modifie';
  teller.step(`un tiers ${verb} ${tampered.type}/${tampered.id} à ${tampered.hospital} (graine ${seed})`);
  const found = await operations.reconcile({});
  teller.step(`rapprochement : ${found.drift.length} écart trouvé`);
  expectOnly(found, tampered);
  const repaired = await operations.reconcile({ repair: true });
  teller.step(`remis en place : ${repaired.repaired}`);
  const after = await operations.reconcile({});
  teller.step(
    `nouveau rapprochement : ${after.drift.length} écart, ${after.clinical.length} envoi sans accusé`,
  );
  expectClean(after);
  return summarise({ hospitals, stage, operations, tampered, differed, startedAt });
}

/** The demonstration is a check, too: it fails when a figure is not what the story says. */
function isAsTold({ secondPlanChanges, referral, synthesis, drift }: Summary): boolean {
  return (
    secondPlanChanges === 0 &&
    referral.status === 'completed' &&
    synthesis.deliveries === 2 &&
    drift.found === 1 &&
    drift.repaired === 1 &&
    drift.afterRepair === 0
  );
}
