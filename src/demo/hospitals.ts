/** The two hospitals of the demonstration: sandboxes in this process, or real HAPI servers from the checkout. */
import { pathToFileURL } from 'node:url';
import { GatewayError } from '../fhir/error.ts';
import { startHospital } from '../sandbox/hospital.ts';

export type DemoHospital = { base: string; kind: string; close(): Promise<void> };

/** A psychiatric hospital and the server that the somatic consultation and town GPs work with. */
export type DemoHospitals = { psychiatry: DemoHospital; town: DemoHospital };

/** Starts both at the same time. */
export async function startHospitals(hapi: boolean, root: string): Promise<DemoHospitals> {
  const start = hapi ? await hapiStarter(root) : startSandbox;
  const [psychiatry, town] = await Promise.all([start('psychiatrie'), start('ville')]);
  return { psychiatry, town };
}

async function startSandbox(name: string): Promise<DemoHospital> {
  const hospital = await startHospital({ name, ids: 'client' });
  return { base: hospital.base, kind: 'hôpital de démonstration', close: () => hospital.close() };
}

type HapiModule = { startHapi: () => Promise<{ base: string; stop: () => Promise<void> }> };

/** HAPI is a test part of the checkout: it needs a JDK and Maven, and no package carries it. */
async function hapiStarter(root: string): Promise<() => Promise<DemoHospital>> {
  const file = pathToFileURL(`${root}/test/hapi/start.ts`).href;
  const module = (await import(file).catch((cause: unknown) => {
    throw new GatewayError({
      category: 'not-supported',
      side: 'sender',
      message: '--hapi demande un dépôt complet (git clone) : le paquet publié ne contient pas test/hapi.',
      cause,
    });
  })) as HapiModule;
  return async () => {
    const { base, stop } = await module.startHapi();
    return { base, kind: 'HAPI FHIR', close: stop };
  };
}
