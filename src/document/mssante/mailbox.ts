/** Who has which MSSanté mailbox, as the configuration says. */
import type { MssanteConfig } from '../../config.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import type { PackageRules } from '../xdm/rules.ts';

/** Id that outbox items for mailboxes name as their server. */
export const mssanteId = 'mssante';

/** The mailbox of whoever has one of these keys. */
export type MailboxOf = (keys: readonly BusinessKey[]) => string | undefined;

export type Mssante = { mailboxOf: MailboxOf; rules: PackageRules };

/** Nobody has a mailbox where MSSanté is not configured: nothing could be sent. */
export function createMssante(config: MssanteConfig | undefined, rules: PackageRules): Mssante {
  const mailboxOf: MailboxOf = (keys) =>
    config?.mailboxes.find(({ of }) => of.some((key) => keys.includes(key)))?.address;
  return { rules, mailboxOf };
}
