/** A message for an MSSanté mailbox as a file (RFC 5322, RFC 2045): a few words and the XDM package. No patient in its headers. */

export type Mail = {
  from: string;
  to: string;
  /** Unique for ever: two messages of one id are one message. */
  id: string;
  date: Date;
  title: string;
  zip: Buffer;
};

/** Bytes of the message. The subject announces an XDM package (ITI TF-2 3.32.4.1.4). */
export function mailOf({ from, to, id, date, title, zip }: Mail): Buffer {
  const domain = from.slice(from.indexOf('@') + 1);
  const boundary = `passerelle-${id}`;
  const text = `Un document de santé vous est adressé : ${title}.\nIl est dans le paquet joint (IHE XDM).\n`;
  const lines = [
    `From: ${from}`,
    `To: ${to}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@${domain}>`,
    'Subject: XDM/1.0/DDM',
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...base64Lines(Buffer.from(text, 'utf8')),
    `--${boundary}`,
    'Content-Type: application/zip; name="IHE_XDM.ZIP"',
    'Content-Disposition: attachment; filename="IHE_XDM.ZIP"',
    'Content-Transfer-Encoding: base64',
    '',
    ...base64Lines(zip),
    `--${boundary}--`,
    '',
  ];
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

function base64Lines(bytes: Buffer): string[] {
  return bytes.toString('base64').match(/.{1,76}/g) ?? [];
}
