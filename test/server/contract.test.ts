import { startHospital } from '../../src/sandbox/hospital.ts';
import { fhirServerContract } from '../contracts/fhir-server.ts';
import { openServer } from './open-server.ts';

for (const ids of ['client', 'server'] as const) {
  fhirServerContract(`a sandbox hospital with ${ids} ids`, async () => {
    const hospital = await startHospital({ name: 'Hôpital', ids });
    const server = openServer(hospital.base, { ids });
    return {
      server,
      ids,
      close: async () => {
        await server.close();
        await hospital.close();
      },
    };
  });
}
