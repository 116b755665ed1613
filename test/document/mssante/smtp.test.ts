/** Messages for MSSanté mailboxes handed to the operator's submission server, over TLS only (RFC 6409, RFC 8314). */
import { afterEach, describe, expect, it } from '@jest/globals';
import { mailOf } from '../../../src/document/mssante/mail.ts';
import { sendBySmtp } from '../../../src/document/mssante/smtp.ts';
import { type Behaviour, pem, reply, startSmtp, type RunningSmtp } from './smtp-server.ts';

let server: RunningSmtp | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});
const start = async (behaviour?: Behaviour): Promise<RunningSmtp> => (server = await startSmtp(behaviour));

const envelope = { from: 'passerelle@essai.mssante.example', to: 'dr.essai-ville@essai.mssante.example' };
const message = mailOf({
  ...envelope,
  id: '0123456789abcdef',
  date: new Date('2026-11-20T08:00:00.000Z'),
  title: 'Synthèse',
  zip: Buffer.alloc(70_000, '.\r\n.'),
});

describe('a message', () => {
  it.each([false, true])(
    'arrives byte by byte, under the user’s name (implicit TLS: %s)',
    async (implicit) => {
      const { config, taken } = await start({ implicit, authOptional: false });
      const user = { user: 'passerelle', password: 'secret' };
      expect(await sendBySmtp({ ...config, ...user }, envelope, message)).toBe(250);
      expect(taken).toMatchObject([{ from: envelope.from, to: [envelope.to], user: 'passerelle' }]);
      expect(taken[0]!.bytes.equals(message)).toBe(true);
    },
  );

  it('is handed over under the gateway’s certificate where the operator asks for one', async () => {
    const { config, taken } = await start({ requestCert: true, rejectUnauthorized: false });
    await sendBySmtp({ ...config, certFile: pem('cert'), keyFile: pem('key') }, envelope, message);
    expect(taken).toMatchObject([{ by: 'passerelle test only' }]);
  });
});

describe('nothing is sent', () => {
  it('to a server that does not offer TLS', async () => {
    const { config, taken } = await start({ disabledCommands: ['STARTTLS'] });
    await expect(sendBySmtp(config, envelope, message)).rejects.toMatchObject({
      category: 'unavailable',
      retryable: true,
    });
    expect(taken).toEqual([]);
  });

  it('to a server whose certificate nobody known has signed', async () => {
    const { config, taken } = await start();
    const { caFile: _unknown, ...stranger } = config;
    await expect(sendBySmtp(stranger, envelope, message)).rejects.toMatchObject({ category: 'unavailable' });
    expect(taken).toEqual([]);
  });

  it('when a file of the configuration is not there', async () => {
    const { config, connections } = await start();
    await expect(
      sendBySmtp({ ...config, caFile: '/nowhere/ca.pem' }, envelope, message),
    ).rejects.toMatchObject({
      ...{ category: 'unavailable', side: 'gateway', message: expect.stringContaining('mssante.smtp') },
    });
    expect(connections()).toBe(0);
  });

  it('when the password is refused: that is for the configuration', async () => {
    const { config, taken } = await start({ authOptional: false });
    const refused = sendBySmtp({ ...config, user: 'passerelle', password: 'wrong' }, envelope, message);
    await expect(refused).rejects.toMatchObject({
      ...{ category: 'unavailable', side: 'gateway', retryable: true },
      message: expect.stringMatching(/identification \(réponse 535\)/),
    });
    expect(taken).toEqual([]);
  });
});

describe('what the server answers', () => {
  it.each([
    [421, 'unavailable', true],
    [452, 'unavailable', true],
    [550, 'unprocessable', false],
    [554, 'unprocessable', false],
  ])('%s to the recipient is %s, and its words are not repeated', async (code, category, retryable) => {
    const { config, taken } = await start({ onRcptTo: (_to, _session, callback) => callback(reply(code)) });
    const failed = await sendBySmtp(config, envelope, message).catch((error: unknown) => error as Error);
    expect(failed).toMatchObject({ category, retryable, message: expect.stringContaining(`${code}`) });
    expect((failed as Error).message).not.toMatch(/CANARY|essai-ville/);
    expect(taken).toEqual([]);
  });

  it('asks for a name nobody configured: that is for the configuration', async () => {
    const { config } = await start({ authOptional: false });
    await expect(sendBySmtp(config, envelope, message)).rejects.toMatchObject({
      ...{ category: 'unavailable', side: 'gateway' },
    });
  });

  it('to the whole message counts as well', async () => {
    const { config } = await start({ fault: () => reply(552) });
    await expect(sendBySmtp(config, envelope, message)).rejects.toMatchObject({ category: 'unprocessable' });
  });

  it('is not known when it is lost after the message: the outcome is unknown, and said so', async () => {
    const { config, taken } = await start({ fault: () => 'cut' });
    await expect(sendBySmtp(config, envelope, message)).rejects.toMatchObject({
      ...{ category: 'unknown-outcome', retryable: true, message: expect.stringContaining('Message-ID') },
    });
    expect(taken).toHaveLength(1);
  });

  it('is nothing where nobody listens', async () => {
    const { config } = await start();
    await server!.close();
    server = undefined;
    await expect(sendBySmtp(config, envelope, message)).rejects.toMatchObject({
      category: 'unavailable',
      side: 'server',
    });
  });
});
