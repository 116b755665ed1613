/** A real submission server on loopback, with the faults that are asked of it; it keeps what it took. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SmtpConfig } from '../../../src/config.ts';

/** Path of a file of the certificate that the server shows, its own authority. */
export const pem = (name: 'cert' | 'key'): string =>
  fileURLToPath(new URL(`../../fixtures/tls/self-signed.${name}.pem`, import.meta.url));

export type Taken = {
  from: string;
  to: string[];
  bytes: Buffer;
  user: string | undefined;
  by: string | undefined;
};

export type RunningSmtp = {
  /** For a client that believes the certificate. */
  config: SmtpConfig;
  taken: Taken[];
  connections: () => number;
  close(): Promise<void>;
};

/** `fault`: what happens to the message of that number, counted from 1, once the server has all of it. */
export type Behaviour = SMTPServerOptions & {
  implicit?: boolean;
  fault?: (message: number) => Error | 'cut' | undefined;
};

export async function startSmtp({
  implicit = false,
  fault,
  ...options
}: Behaviour = {}): Promise<RunningSmtp> {
  const taken: Taken[] = [];
  const names = new Map<string, string>();
  const connections = { count: 0 };
  const server = new SMTPServer({
    ...{ secure: implicit, cert: readFileSync(pem('cert')), key: readFileSync(pem('key')), logger: false },
    ...{ authMethods: ['PLAIN'], authOptional: true, closeTimeout: 100 },
    onAuth: ({ username, password }, _session, callback) =>
      password === 'secret' ? callback(null, { user: username }) : callback(new Error('CANARY')),
    onSecure(socket, session, callback) {
      const { subject } = (socket as TLSSocket).getPeerCertificate();
      if (subject) names.set(session.id, String(subject.CN));
      callback();
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          ...{ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) },
          ...{
            bytes: Buffer.concat(chunks),
            user: session.user as string | undefined,
            by: names.get(session.id),
          },
        });
        const met = fault?.(taken.length);
        if (met === 'cut') for (const { _socket } of server.connections) _socket.destroy();
        else callback(met ?? null);
      });
    },
    ...options,
  });
  server.on('error', () => undefined); // of one connection; the tests see the client's side of it
  server.server.on('connection', () => (connections.count += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    config: { host: '127.0.0.1', port, tls: implicit ? 'implicit' : 'starttls', caFile: pem('cert') },
    taken,
    connections: () => connections.count,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A refusal with the code of RFC 5321; its words must not be repeated. */
export function reply(responseCode: number): Error {
  return Object.assign(new Error('CANARY, said by the server'), { responseCode });
}
