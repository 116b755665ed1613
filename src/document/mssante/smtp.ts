/**
 * The submission server of an MSSanté operator (RFC 6409), over TLS only. SMTP has nothing to read back: where the answer to a
 * message is lost, the very same bytes go again under the same Message-ID (decision 0051).
 */
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import type { SMTPTransportOptions } from 'nodemailer/lib/smtp-transport';
import type { SmtpConfig } from '../../config.ts';
import { GatewayError } from '../../fhir/error.ts';

export type Envelope = { from: string; to: string };

/** Milliseconds until there is a connection and a greeting, and without a byte afterwards. */
const limits = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  dnsTimeout: 10_000,
  socketTimeout: 60_000,
};

/**
 * Hands a message over; answers the code of the reply that took it (250). Throws a GatewayError: `unprocessable` when the server
 * refuses the addresses or the message for good (5xx), else `unavailable`, or `unknown-outcome` when the message was on its way.
 */
export async function sendBySmtp(config: SmtpConfig, envelope: Envelope, message: Buffer): Promise<number> {
  const { createTransport } = await import('nodemailer'); // loaded by who uses it
  const transport = createTransport(await optionsOf(config));
  let begun = false;
  const raw = Readable.from(
    (function* () {
      begun = true;
      yield message;
    })(),
  );
  try {
    const { response } = await transport.sendMail({ envelope, raw });
    return Number.parseInt(response, 10);
  } catch (error) {
    throw refusal(config, error, begun);
  } finally {
    transport.close();
  }
}

async function optionsOf({ host, port, tls, user, password, ...files }: SmtpConfig) {
  const [ca, cert, key] = await Promise.all([files.caFile, files.certFile, files.keyFile].map(pem));
  const options: SMTPTransportOptions = {
    ...{ ...limits, host, port, secure: tls === 'implicit', requireTLS: tls === 'starttls' },
    ...(user === undefined ? {} : { auth: { user, pass: password } }),
    tls: {
      minVersion: 'TLSv1.2',
      ...(ca ? { ca: [...getCACertificates('default'), ca] } : {}),
      ...(cert ? { cert, key } : {}),
    },
  };
  return options;
}

async function pem(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GatewayError({
      ...{ category: 'unavailable', side: 'gateway', cause },
      message:
        'Un fichier de certificat de « mssante.smtp » est illisible ; à corriger dans la configuration.',
    });
  });
}

/** The server's own words are left out: they may repeat what it was sent. 530: it wants to know who sends (RFC 4954). */
function refusal(config: SmtpConfig, cause: unknown, begun: boolean): GatewayError {
  const { responseCode, code } = cause as { responseCode?: number; code?: string };
  const server = `Le serveur d’envoi MSSanté ${config.host}`;
  const said = responseCode === undefined ? (code ?? 'connexion perdue') : `réponse ${responseCode}`;
  if (code === 'EAUTH' || responseCode === 530)
    return new GatewayError({
      ...{ category: 'unavailable', side: 'gateway', cause },
      message: `${server} refuse l’identification (${said}) ; à corriger dans « mssante.smtp ».`,
    });
  if ((code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500)
    return new GatewayError({
      ...{ category: 'unprocessable', side: 'server', cause },
      message: `${server} refuse le message (${said}) : vérifiez l’adresse du destinataire et celle de l’expéditeur.`,
    });
  if (responseCode === undefined && begun)
    return new GatewayError({
      ...{ category: 'unknown-outcome', side: 'server', cause },
      message: `${server} n’a pas répondu au message (${said}) : il repart tel quel, sous le même Message-ID.`,
    });
  return new GatewayError({
    ...{ category: 'unavailable', side: 'server', cause },
    message: `${server} ne prend pas le message (${said}).`,
  });
}
