/** Who may come in: everybody, holders of a password, or registered SMART backend services. */
import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { JSONWebKeySet } from 'jose';
import { type Answer, Refusal } from './answer.ts';
import { createTokens, type Tokens } from './tokens.ts';

export type HospitalAuth =
  | { kind: 'basic'; user: string; password: string }
  | { kind: 'smart'; clientId: string; jwks: JSONWebKeySet; lifetimeS?: number };

/** Passes (undefined), answers by itself (discovery, tokens), or refuses with 401. */
export type Gate = (request: Request, path: string) => Promise<Answer | undefined>;

/** The capability statement stays open, as SMART and most hospitals have it. */
export function createGate(
  auth: HospitalAuth | undefined,
  base: string,
  clock: { now(): number },
): { gate: Gate; tokens: Tokens | undefined } {
  if (!auth) return { gate: async () => undefined, tokens: undefined };
  if (auth.kind === 'basic') {
    const expected = Buffer.from(`Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`);
    const gate: Gate = async (request, path) => {
      const given = Buffer.from(request.get('authorization') ?? '');
      const same = given.length === expected.length && timingSafeEqual(given, expected);
      return isOpen(path) || same ? undefined : reject('Basic');
    };
    return { gate, tokens: undefined };
  }
  const tokens = createTokens(auth, base, clock);
  const gate: Gate = async (request, path) => {
    if (path === '.well-known/smart-configuration') return { status: 200, body: tokens.discovery() };
    if (path === 'auth/token') return tokens.issue(String(request.body));
    const given = /^Bearer (.+)$/.exec(request.get('authorization') ?? '')?.[1];
    return isOpen(path) || (given && tokens.isLive(given)) ? undefined : reject('Bearer');
  };
  return { gate, tokens };
}

function isOpen(path: string): boolean {
  return path.split('?', 1)[0] === 'metadata';
}

function reject(scheme: string): never {
  throw new Refusal(401, 'login', `${scheme} credentials are wanted`);
}
