/** MSSanté as a way out: each item becomes one message, in the drop folder or at the operator's server, under the item's own id. */
import type { Ids } from '../../clock.ts';
import type { MssanteConfig, SmtpConfig } from '../../config.ts';
import type { Channel } from '../../delivery/channel.ts';
import { GatewayError } from '../../fhir/error.ts';
import { hash } from 'node:crypto';
import { drop, type Dropped } from './drop-folder.ts';
import { mailOf } from './mail.ts';
import { sendBySmtp } from './smtp.ts';

export type ChannelParts = {
  config: MssanteConfig;
  ids: Ids;
  documentBytes: (tenant: string, documentId: string) => Promise<Buffer>;
};

/** Hands a message over; answers what of it was handed over, and how the receipt words that. */
type HandOver = (id: string, mailbox: string, mail: Buffer) => Promise<{ sha256: string; status: string }>;

/** A receipt says that the message was handed over, not that anybody read it: that is for a person to say. */
export function createMssanteChannel({ config, ids, documentBytes }: ChannelParts): Channel {
  const handOver = config.smtp ? bySmtp(config.smtp, config.sender) : byFolder(config.folder!, ids);
  return {
    async send(item, stillHeld) {
      const [entry] = item.entries;
      const { mailbox, title } = item.detail as { mailbox: string; title: string };
      const zip = await documentBytes(item.tenant, entry!.documentId!);
      const id = hash('sha256', `${item.tenant}\n${entry!.key}`, 'hex').slice(0, 32);
      const date = item.createdAt;
      const mail = mailOf({ from: config.sender, to: mailbox, id, date, title, zip });
      if (!(await stillHeld())) return 'lost';
      const { sha256, status } = await handOver(id, mailbox, mail);
      return [
        {
          ...{ type: entry!.type, key: entry!.key, localId: `${id}.eml`, versionId: sha256 },
          ...{ lastUpdated: undefined, status },
        },
      ];
    },
  };
}

function byFolder(folder: string, ids: Ids): HandOver {
  return async (id, _mailbox, mail) => {
    const { sha256 } = await drop(folder, `${id}.eml`, mail, ids.uuid()).catch(unusable);
    return { sha256, status: '201 Deposited' };
  };
}

function bySmtp(config: SmtpConfig, from: string): HandOver {
  return async (_id, mailbox, mail) => {
    const code = await sendBySmtp(config, { from, to: mailbox }, mail);
    return { sha256: hash('sha256', mail, 'hex'), status: `${code} Submitted` };
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
