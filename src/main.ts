/** Entry point: assembles what commands work with and runs the command line. */
import manifest from '../package.json' with { type: 'json' };
import type { CliContext, Connection } from './cli/context.ts';
import { streamOutput } from './cli/output.ts';
import { runCommandLine } from './cli/program.ts';
import { loadFrance } from './config-france.ts';
import { type Config, loadConfig } from './config.ts';
import { type GatewayError, isGatewayError } from './fhir/error.ts';
import { fullSpeed } from './full-speed.ts';
import { createGateway } from './gateway.ts';
import { openDatabase } from './gateway/database.ts';
import { buildDocument } from './gateway/build-document.ts';
import { exportedList } from './gateway/export.ts';
import { checkSchedules } from './gateway/jobs.ts';
import { createKnowledge, type Knowledge, shippedFolders } from './gateway/knowledge.ts';
import { mapPaged } from './gateway/map-paged.ts';
import { checkMappingFile } from './gateway/mappings.ts';
import { diffNetworks } from './gateway/network-diff.ts';
import { bundleOfNetworks, readNetworkFiles } from './gateway/networks.ts';
import { remoteOperations } from './gateway/remote.ts';
import { reverseResources } from './gateway/reverse.ts';
import { starterOf } from './gateway/starter.ts';
import { createLog, errorFields } from './log.ts';
import { provenanceOf } from './network/provenance.ts';
import { readOwner } from './store/owner.ts';

const defaultConfig = 'passerelle.yaml';
const { version } = manifest;
const knowledge = createKnowledge(shippedFolders(import.meta.url));
const output = streamOutput(process.stdout, process.stderr);

/** What is known, with the French choices of the configuration that was named or is found here. */
function known(config: string | undefined): Knowledge {
  const choice = loadFrance(config, defaultConfig);
  return choice ? knowledge.inFrance(choice) : knowledge;
}

const today = (): string => new Date().toISOString().slice(0, 10);

let stopped: Promise<void> | undefined;

/** One promise for the whole process: signals that come twice are one request. Commands that never ask end at once. */
function stopRequested(): Promise<void> {
  stopped ??= new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  return stopped;
}

/** Beside a gateway that owns the folder its operations are asked; otherwise they run in this process (rule 9). */
async function connect(config: Config): Promise<Connection> {
  const owner = config.databaseUrl ? undefined : await readOwner(config.folder);
  if (owner?.adminUrl) {
    const operations = remoteOperations({ ...owner, adminUrl: owner.adminUrl });
    return { operations, where: 'beside', close: async () => undefined };
  }
  const gateway = await createGateway(config, { log: createLog('error'), knowledge, version });
  return { operations: gateway.operations, where: 'here', close: () => gateway.stop() };
}

const context: CliContext = {
  output,
  connect,
  loadConfig: (file) => loadConfig(file ?? defaultConfig),
  checkConfig: (file) => issuesThrown(() => checkSchedules(loadConfig(file).schedules)),
  checkMapping: (file) => checkMappingFile(file, knowledge),
  today,
  stopRequested,

  async serve(config) {
    const gateway = await createGateway(config, { log: createLog(config.log), knowledge, version });
    try {
      const address = await gateway.start();
      fullSpeed();
      return { address, stop: () => gateway.stop() };
    } catch (error) {
      await gateway.stop();
      throw error;
    }
  },

  async migrate(config) {
    const database = await openDatabase(config, createLog('error'));
    await database.close();
    return database.migrated;
  },

  async readNetworks(files, { config, at, explain = false }) {
    const read = await readNetworkFiles(files, known(config), { at, explain });
    return read.map(({ file, network, resources, issues }) => ({
      ...{ file, resources: [...resources], issues },
      ...(network ? { id: network.id, kind: network.kind, ...provenanceOf(network) } : {}),
    }));
  },

  buildDocument: (text, file) => buildDocument(text, file, knowledge),
  starter: (kind, folder) => starterOf(kind, folder, knowledge, today()),
  reverse: (resources, { config, ...options }) => reverseResources(resources, known(config), options),
  exportList: (file, { config, ...wanted }) => exportedList(file, wanted, known(config)),
  diffNetworks: (a, b, { config }) => diffNetworks(a, b, known(config)),
  mapPaged: (file, { config, at }, write) => mapPaged(file, known(config), at, write),
  bundleOf: (networks) => bundleOfNetworks(networks),
  validate: async (resource, profiles, { config }) =>
    (await known(config).validator()).validate(resource, profiles),

  async demo(options, out) {
    const { tellDemo } = await import('./demo/demo.ts');
    return tellDemo(options, { output: out, knowledge, version, stopRequested });
  },

  async emulate(options) {
    const { startEmulator } = await import('./sandbox/annuaire/start.ts');
    return startEmulator(options, today());
  },
};

function issuesThrown(work: () => unknown): GatewayError['issues'][number][] {
  try {
    work();
    return [];
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    return error.issues.length
      ? [...error.issues]
      : [{ severity: 'error', code: 'invalid', message: error.message }];
  }
}

try {
  process.exitCode = await runCommandLine(process.argv.slice(2), context, version);
} catch (error) {
  output.error('passerelle : erreur inattendue, merci de la signaler avec la ligne ci-dessous.');
  output.error(JSON.stringify(errorFields(error)));
  process.exitCode = 1;
}
