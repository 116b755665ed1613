/** Operations about reports of sync runs: the report that was kept, and the key that signs. */
import type { DirectoryReportOperations } from '../directory-operations.ts';
import { publicHalf, signingKey } from '../directory/report/key.ts';
import type { SignedReport } from '../directory/report/types.ts';
import { writeReport } from '../directory/report/write-report.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Parts } from './parts.ts';

/** Reports are kept when a run ends; one of an earlier release is written when it is asked for. */
export function directoryReportOperations({ store, config, program }: Parts): DirectoryReportOperations {
  return {
    async syncReport({ run }) {
      const kept = (await store.directory.run(run))?.report as SignedReport | null | undefined;
      const report = kept ?? (await writeReport({ store, program, brake: config.directory.brake }, run));
      if (report) return report;
      throw new GatewayError({
        category: 'not-found',
        side: 'sender',
        message: `Aucun rapport du passage ${run} : il n’existe pas, ou sa lecture n’est pas finie.`,
      });
    },

    syncKey: async () => publicHalf(await signingKey(store.settings)),
  };
}
