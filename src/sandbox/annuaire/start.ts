/** An emulated directory as the command line starts one: scenario, population, server, and its days as they come. */
import { readFile } from 'node:fs/promises';
import { GatewayError } from '../../fhir/error.ts';
import { createEmulator } from './emulator.ts';
import { writeFiles } from './files/write-files.ts';
import { controlPath } from './http/address.ts';
import { createPopulation } from './population/population.ts';
import { type Quirks, servedTypes } from './population/types.ts';
import { knownToExamples } from './pinned.ts';
import { type Overrides, readScenario } from './scenario/read.ts';
import type { Scenario } from './scenario/types.ts';

export type StartOptions = Overrides & { port?: number; host?: string; scenario?: string; files?: string };

export type Started = {
  told: {
    base: string;
    key: string;
    control: string;
    seed: number;
    date: string;
    served: Record<string, number>;
    files: string[];
  };
  stop(): Promise<void>;
};

const usualPort = 8480;
/** How often days that have come are lived although nobody asks, ms. */
const beat = 1000;

/** A population without a scenario is as it should be. */
const nothingWrong: Quirks = {
  ...{ wrongDigit: 0, sameSiret: 0, sameFiness: 0, hidden: 0, vanish: 0, staleRole: 0 },
  ...{ lingering: 0, otherMailbox: 0, recreate: 0, reload: 0, platform: 0 },
};

/** `today` (`YYYY-MM-DD`) is the first day where neither the options nor the scenario say. Throws GatewayError. */
export async function startEmulator(options: StartOptions, today: string): Promise<Started> {
  const { port = usualPort, host, files } = options;
  const scenario = await scenarioOf(options, today);
  const { seed, roles, start, content, life, pinned = knownToExamples(), ...server } = scenario;
  const population = createPopulation({
    seed,
    roles,
    start,
    pinned,
    quirks: { ...nothingWrong, ...content },
    rates: life,
  });
  const emulator = await createEmulator({
    ...{ population, scenario: server, port, writeFiles },
    ...(host ? { host } : {}),
    ...(files ? { files } : {}),
  }).catch((cause: unknown) => {
    throw cannotListen(port, cause);
  });
  const written = files ? await writeFiles(population, files) : [];
  const beating = setInterval(() => void emulator.settle(), beat).unref();
  return {
    told: {
      ...{ base: emulator.base, key: emulator.key, control: new URL(controlPath, emulator.base).href, seed },
      date: population.day,
      served: Object.fromEntries(servedTypes.map((type) => [type, population.served(type)])),
      files: written.map(({ path }) => path),
    },
    async stop() {
      clearInterval(beating);
      await emulator.stop();
    },
  };
}

async function scenarioOf({ scenario: file, ...options }: StartOptions, today: string): Promise<Scenario> {
  const { seed, roles, start, daySeconds } = options;
  const overrides = {
    ...(seed === undefined ? {} : { seed }),
    ...(roles === undefined ? {} : { roles }),
    ...(start === undefined ? {} : { start }),
    ...(daySeconds === undefined ? {} : { daySeconds }),
  };
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(cannotRead(file));
  const { scenario, issues } = readScenario(text, file ?? '', today, overrides);
  if (scenario) return scenario;
  throw new GatewayError({
    ...{ category: 'invalid', side: 'gateway', issues },
    message: `Scénario refusé : ${issues.length} faute(s) dans ${file ?? 'les options'}`,
  });
}

function cannotRead(file: string): (cause: unknown) => never {
  return (cause) => {
    throw new GatewayError({
      ...{ category: 'invalid', side: 'gateway', cause },
      message: `Scénario introuvable ou illisible : ${file}.`,
    });
  };
}

function cannotListen(port: number, cause: unknown): GatewayError {
  const taken = (cause as { code?: string }).code === 'EADDRINUSE';
  return new GatewayError({
    ...{ category: 'unavailable', side: 'gateway', retryable: false, cause },
    message: taken
      ? `Arrêt : le port ${port} est déjà pris ; choisissez-en un autre avec --port (0 : un port libre).`
      : `Arrêt : impossible d’écouter sur cette adresse (${(cause as { code?: string }).code ?? 'raison inconnue'}).`,
  });
}
