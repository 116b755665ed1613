/** A town GP without a server gets the synthesis in their MSSanté mailbox; the referral comes to its end. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { receiveDocument } from '../../../src/document/receive.ts';
import type { Referral } from '../../../src/store/referrals.ts';
import { generalist, startStory, type Story, synthesis, tenant } from '../../referral/story.ts';
import { readyForDocument } from '../ready.ts';
import { filesIn } from '../xdm/read-package.ts';
import { startSmtp } from './smtp-server.ts';

let story: Story;
let folder: string;
let referral: Referral;
const address = 'dr.essai-ville@essai.mssante.example';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mssante-'));
  story = await startStory({
    ...{ folder, sender: 'passerelle@essai.mssante.example' },
    mailboxes: [{ of: [`${generalist.system}|${generalist.value}`], address }],
  });
  referral = await readyForDocument(story);
});
afterAll(async () => {
  await story.close();
  await rm(folder, { recursive: true });
});

describe('a final synthesis for a GP reached by their operator’s submission server', () => {
  it('goes again as it was when the answer to it is lost, and is told as delivered once', async () => {
    const server = await startSmtp({ fault: (message) => (message === 1 ? 'cut' : undefined) });
    const mailboxes = [{ of: [`${generalist.system}|${generalist.value}`], address }];
    const other = await startStory({
      ...{ smtp: server.config, sender: 'passerelle@essai.mssante.example', mailboxes },
    });
    try {
      const { id } = await readyForDocument(other);
      await receiveDocument(other.documents, other.coreso, synthesis(other.documents));
      await other.deliver();
      expect(await other.context.store.documents.undelivered(tenant, id, 'deliver-document')).toBe(1);
      other.clock.advance(60_000);
      await other.deliver();
      const [first, second, ...more] = server.taken;
      expect(more).toEqual([]);
      expect(first!.to).toEqual([address]);
      expect(second!.bytes.equals(first!.bytes)).toBe(true);
      const events = await other.context.store.referrals.events(tenant, id);
      const told = events.filter(({ kind }) => kind === 'document-delivered').map(({ detail }) => detail);
      expect(told.filter((one) => (one as { mailbox?: string }).mailbox === address)).toHaveLength(1);
      expect(await other.context.store.documents.undelivered(tenant, id, 'deliver-document')).toBe(0);
    } finally {
      await other.close();
      await server.close();
    }
  });
});

describe('a final synthesis for a GP without a server', () => {
  it('is put into the drop folder as one message with the package, and told in the ledger', async () => {
    const { status, documentId } = await receiveDocument(
      story.documents,
      story.coreso,
      synthesis(story.documents),
    );
    expect(status).toBe(201);
    await story.deliver();
    const [name, ...others] = (await readdir(folder)).filter((one) => one.endsWith('.eml'));
    expect(others).toEqual([]);
    const message = await readFile(join(folder, name!), 'latin1');
    expect(message).toMatch(new RegExp(`^To: ${address}\r$`, 'm'));
    expect(message).toMatch(/^Subject: XDM\/1\.0\/DDM\r$/m);
    const [head] = message.split('\r\n\r\n');
    expect(head).not.toMatch(/ESSAI-CORESO|Paul|800012345/);
    const base64 = message.split('filename="IHE_XDM.ZIP"')[1]!.split('\r\n\r\n')[1]!.split('\r\n--')[0]!;
    const zip = Buffer.from(base64.replace(/\r\n/g, ''), 'base64');
    expect((await filesIn(zip)).size).toBe(4);

    const stored = await story.context.store.documents.ofReferral(tenant, referral.id);
    const kept = stored.find((one) => one.status === 'package')!;
    expect((await story.context.store.documents.bytes(tenant, kept.id))!.bytes.equals(zip)).toBe(true);
    const events = await story.context.store.referrals.events(tenant, referral.id);
    expect(
      events.filter(({ kind }) => kind === 'document-delivered').map(({ detail }) => detail),
    ).toContainEqual({
      ...{ server: 'mssante', document: documentId, mailbox: address },
      recipients: [expect.objectContaining({ name: 'Dr ESSAI-VILLE', careTeam: false })],
    });
    expect(await story.context.store.documents.undelivered(tenant, referral.id, 'deliver-document')).toBe(0);
  });

  it('is refused, naming the GP and what to configure, when they have no mailbox either', async () => {
    const recipient = { name: 'Dr ESSAI-VILLE', keys: [], serverId: undefined, careTeam: false };
    const documents = {
      ...story.documents,
      pathway: {
        ...story.documents.pathway,
        recipients: () => Promise.resolve({ recipients: [recipient], unnamed: [] }),
      },
    };
    const identifiant = { system: 'https://coreso.example/documents', value: 'SANS-BOITE' };
    const remplace = { system: 'https://coreso.example/documents', value: 'SYNTHESE-2026-0001' };
    const bytes = synthesis(story.documents, { identifiant, remplace });
    await expect(receiveDocument(documents, story.coreso, bytes)).rejects.toThrow('mssante.mailboxes');
  });
});
