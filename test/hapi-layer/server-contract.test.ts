import { fhirServerContract } from '../contracts/fhir-server.ts';
import { startHapi } from '../hapi/start.ts';
import { openServer } from '../server/open-server.ts';

/** HAPI's start, and a first build by Maven. */
const startLimitMs = 240_000;

const modes = [
  { name: 'HAPI as integrators set it up', args: [], ids: 'client' },
  { name: 'HAPI with its own defaults', args: ['--defaults'], ids: 'client' },
  { name: 'HAPI giving the ids itself', args: ['--defaults', '--id-strategy=none'], ids: 'server' },
] as const;

for (const { name, args, ids } of modes) {
  fhirServerContract(
    name,
    async () => {
      const hapi = await startHapi({ args });
      const server = openServer(hapi.base, { ids });
      return {
        server,
        ids,
        close: async () => {
          await server.close();
          await hapi.stop();
        },
      };
    },
    startLimitMs,
  );
}
