/** Somebody is named for the step after a synthesis that has gone out already. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendToNewlyNamed } from '../../src/document/newly-named.ts';
import { receiveDocument } from '../../src/document/receive.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { assignPerformer, type ToNewlyNamed } from '../../src/referral/assign.ts';
import { updateConsent } from '../../src/referral/update-consent.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { generalist, startStory, type Story, synthesis, tenant } from '../referral/story.ts';
import { readyForDocument } from './ready.ts';

const { system } = generalist;
/** Whose records the town's server keeps, and who has a mailbox alone, as the first one has. */
const [atServer, atMailbox] = ['10999900094', '10999900052'] as const;
let story: Story;
let folder: string;
let referral: Referral;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mssante-'));
  const mailbox = (value: string) => ({
    of: [`${system}|${value}`],
    address: `${value}@essai.mssante.example`,
  });
  story = await startStory({
    ...{ folder, sender: 'passerelle@essai.mssante.example' },
    mailboxes: [mailbox(generalist.value), mailbox(atMailbox)],
  });
  story.context.servers.find(({ id }) => id === 'ville')!.homeOf.push(`${system}|${atServer}`);
  referral = await readyForDocument(story);
  await receiveDocument(story.documents, story.coreso, synthesis(story.documents));
  await story.deliver();
});
afterAll(async () => {
  await story.close();
  await rm(folder, { recursive: true });
});

const stored = async (type: string, identifier?: string): Promise<AnyResource & { id: string }> => {
  const criteria = { type, patient: referral.patientId, ...(identifier ? { identifier } : {}) };
  return (await story.context.store.clinical.search(tenant, criteria)).resources[0]!;
};

async function name(value: string): Promise<void> {
  const order = await stored(
    'ServiceRequest',
    `https://passerelle.example/fhir/referral|${referral.id}/activity/reorientation`,
  );
  const toNewlyNamed: ToNewlyNamed = (tx, ...named) => sendToNewlyNamed(tx, story.documents, ...named);
  const performer = [{ type: 'Practitioner', identifier: { system, value }, display: `Dr ${value}` }];
  await assignPerformer({ ...story.context, toNewlyNamed }, story.coreso, { ...order, performer });
  await story.deliver();
}

async function agreedTo(value: string): Promise<void> {
  const consent = await stored('Consent');
  const provision = consent['provision'] as { actor: object[] };
  const actor = [...provision.actor, { role: { text: 'x' }, reference: { identifier: { system, value } } }];
  await updateConsent(story.context, story.psychiatrist, {
    ...consent,
    provision: { ...provision, actor },
  });
}

const inTown = (): Promise<AnyResource[]> =>
  story.find(story.servers.ville, 'DocumentReference', { type: 'http://loinc.org|34133-9' });
const mails = async (): Promise<string[]> => {
  const names = (await readdir(folder)).filter((one) => one.endsWith('.eml'));
  const all = await Promise.all(names.map((one) => readFile(join(folder, one), 'latin1')));
  return all.map((mail) => /^To: (.*?)\r$/m.exec(mail)![1]!).sort();
};

describe('whoever is named after the synthesis went out', () => {
  it('is refused while the patient’s consent does not cover them', async () => {
    await expect(name(atServer)).rejects.toThrow(/ne couvre pas ce destinataire : Dr 10999900094/);
    expect(await inTown()).toEqual([]);
  });

  it('gets it at their server, once, whoever else is named later', async () => {
    await agreedTo(atServer);
    await name(atServer);
    expect(await inTown()).toHaveLength(2); // with its PDF
    const readers = await story.context.store.readers.of(
      tenant,
      (await story.context.store.documents.ofReferral(tenant, referral.id)).find(
        ({ status }) => status === 'final',
      )!.id,
    );
    expect(readers).toContainEqual({ who: `${system}|${atServer}`, ground: 'addressee' });
  });

  it('gets it in their mailbox; nobody who has it gets it again', async () => {
    await agreedTo(atMailbox);
    await name(atMailbox);
    await name(generalist.value);
    expect(await mails()).toEqual([
      `${generalist.value}@essai.mssante.example`,
      `${atMailbox}@essai.mssante.example`,
    ]);
    expect(await inTown()).toHaveLength(2);
  });
});
