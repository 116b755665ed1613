/** MSSanté as a way out: each item becomes one message in the drop folder, under the item's own id. */
import type { Ids } from '../../clock.ts';
import type { MssanteConfig } from '../../config.ts';
import type { Channel } from '../../delivery/channel.ts';
import { GatewayError } from '../../fhir/error.ts';
import { hash } from 'node:crypto';
import { drop, type Dropped } from './drop-folder.ts';
import { mailOf } from './mail.ts';

export type ChannelParts = {
  config: MssanteConfig;
  ids: Ids;
  documentBytes: (tenant: string, documentId: string) => Promise<Buffer>;
};

/** A receipt says that the message lies in the folder, not that anybody read it: that is for a person to say. */
export function createMssanteChannel({ config, ids, documentBytes }: ChannelParts): Channel {
  return {
    async send(item, stillHeld) {
      const [entry] = item.entries;
      const { mailbox, title } = item.detail as { mailbox: string; title: string };
      const zip = await documentBytes(item.tenant, entry!.documentId!);
      const id = hash('sha256', `${item.tenant}\n${entry!.key}`, 'hex').slice(0, 32);
      const date = item.createdAt;
      const mail = mailOf({ from: config.sender, to: mailbox, id, date, title, zip });
      if (!(await stillHeld())) return 'lost';
      const dropped = await drop(config.folder, `${id}.eml`, mail, ids.uuid()).catch(unusable);
      return [
        {
          ...{ type: entry!.type, key: entry!.key, localId: `${id}.eml`, versionId: dropped.sha256 },
          ...{ lastUpdated: undefined, status: '201 Deposited' },
        },
      ];
    },
  };
}

/** A full disk or a missing right may end: the item waits, and says why. */
function unusable(cause: unknown): Promise<Dropped> {
  const { code } = cause as { code?: unknown };
  throw new GatewayError({
    ...{ category: 'unavailable', side: 'gateway', cause },
    message: `Le dossier de dépôt MSSanté ne se laisse pas écrire (${typeof code === 'string' ? code : 'erreur'}).`,
  });
}
