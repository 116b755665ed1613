/** Addresses that belong to a server: credentials go there and nowhere else (P-6). */
import { GatewayError } from '../fhir/error.ts';

/** True when `url` is the base itself or below it, on exactly the same origin. */
export function belongsTo(base: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const home = new URL(base);
  const there = new URL(url);
  if (there.origin !== home.origin || there.username || there.password) return false;
  const root = home.pathname.replace(/\/+$/, '');
  return there.pathname === root || there.pathname.startsWith(`${root}/`);
}

/** `Type/id`; refuses what could leave the base (`..`) because ids come from other systems. */
export function resourcePath(type: string, id: string): string {
  if (/^[A-Z][A-Za-z]{1,63}$/.test(type) && /^[A-Za-z0-9\-.]{1,64}$/.test(id) && !/^\.+$/.test(id)) {
    return `${type}/${id}`;
  }
  throw new GatewayError({
    category: 'fault',
    side: 'gateway',
    message: 'La passerelle a formé une adresse de ressource impossible.',
  });
}
