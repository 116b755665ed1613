/** `channel.header`: what goes with every notification, usually a secret. Pure. */
import { refuse } from './refuse.ts';

const form = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}): ?([\x20-\x7e]{0,2048})$/;
/** Headers that are the connection's or the gateway's own. */
const own =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|keep-alive|expect|accept-encoding|proxy-.*)$/i;
const most = 10;

/** Checks them; the refusal never holds their content. */
export function readHeaders(given: readonly unknown[]): string[] {
  if (given.length > most)
    throw refuse(`Au plus ${most} en-têtes (channel.header).`, 'Subscription.channel.header', 'too-costly');
  return given.map((header, index) => {
    const [, name] = form.exec(String(header)) ?? [];
    if (name !== undefined && !own.test(name)) return String(header);
    throw refuse(
      'En-tête illisible, ou qui appartient à la connexion : « Nom: valeur » en ASCII, par exemple « Authorization: Bearer … ».',
      `Subscription.channel.header[${index}]`,
      'value',
    );
  });
}

/** The headers as pairs, as an HTTP client takes them. */
export function headerPairs(headers: readonly string[]): [string, string][] {
  return headers.map((header) => {
    const colon = header.indexOf(':');
    return [header.slice(0, colon), header.slice(colon + 1).trim()];
  });
}
