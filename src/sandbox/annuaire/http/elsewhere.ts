/** Another host: what is sent there is noted, so that a test can prove that a key never was. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { keyHeader } from './key.ts';

export type StrayCall = {
  /** ms on the clock. */
  at: number;
  method: string;
  path: string;
  /** Names of the headers that came. */
  headers: string[];
  /** A key came along: the client sent its secret to a host that was not the API. */
  keySent: boolean;
};

export type Elsewhere = {
  answer(request: IncomingMessage, response: ServerResponse): void;
  calls(): StrayCall[];
};

/** Calls kept. */
const most = 1000;

/** Answers as a directory without rows would: whoever follows a link to it is misled in silence. */
export function createElsewhere(now: () => number): Elsewhere {
  const calls: StrayCall[] = [];
  return {
    answer(request, response) {
      const { method = 'GET', url = '/' } = request;
      const headers = Object.keys(request.headers);
      calls.push({ at: now(), method, path: url, headers, keySent: headers.includes(keyHeader) });
      if (calls.length > most) calls.shift();
      request.resume();
      response.setHeader('content-type', 'application/fhir+json;charset=UTF-8');
      response.end(JSON.stringify({ resourceType: 'Bundle', type: 'searchset', link: [] }));
    },
    calls: () => [...calls],
  };
}
