/** Quirks that answer instead of the directory, before anything is looked up. */
import type { Quirks, Struck, Target } from '../quirks/draws.ts';
import type { ServerQuirk } from '../quirks/names.ts';
import { type Answer, gatewayRefusal, outcomeOf } from './answer.ts';

/** Waits on the machine's clock; ends early when the emulator stops. */
export type Wait = (ms: number) => Promise<void>;

export type Asked = Target & { count: number; ids: number; path: string; elsewhere: string };

/** Undefined: the directory answers, perhaps after a pause; `delayed` says so. */
export async function quirkedAnswer(
  quirks: Quirks,
  asked: Asked,
  wait: Wait,
): Promise<{ answer?: Answer; delayed?: ServerQuirk }> {
  const strike = (name: ServerQuirk): Struck | undefined => quirks.strikes(name, asked);
  const said = (name: ServerQuirk, answer: Answer): { answer: Answer } => ({
    answer: { ...answer, quirks: [name] },
  });
  if (strike('key-revoked')) return said('key-revoked', gatewayRefusal(403, 'Forbidden'));
  if (strike('outage-404')) return said('outage-404', html(404, 'Not Found'));
  if (strike('throttle-burst')) return said('throttle-burst', gatewayRefusal(429, 'Rate limit exceeded'));
  const elsewhere = `${asked.elsewhere}${asked.path}`;
  if (strike('redirect-elsewhere')) {
    return said('redirect-elsewhere', { status: 302, headers: { location: elsewhere }, body: '' });
  }
  const big = quirks.isOn('big-page', asked);
  if (big && asked.count > big.over && strike('big-page')) return said('big-page', empty(502));
  const many = quirks.isOn('many-ids', asked);
  if (many && asked.ids > many.over && strike('many-ids')) return said('many-ids', empty(504));
  if (strike('bad-gateway')) return said('bad-gateway', empty(502));
  if (strike('gateway-timeout')) return said('gateway-timeout', empty(504));
  const hang = strike('hang');
  if (hang) {
    await wait(hang.ms);
    return said('hang', empty(504));
  }
  if (strike('html-200')) return said('html-200', html(200, 'Service en maintenance'));
  if (strike('outcome-200')) {
    return said('outcome-200', { ...outcomeOf(200, 'exception', 'Internal error'), status: 200 });
  }
  const slow = strike('slow');
  if (!slow) return {};
  await wait(slow.ms);
  return { delayed: 'slow' };
}

function empty(status: number): Answer {
  return { status, body: '' };
}

function html(status: number, title: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}
