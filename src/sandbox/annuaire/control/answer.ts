/** The controls under `/_emulator`: no key, this machine alone, never a browser on another site. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressOf } from '../http/address.ts';
import { bodyOf } from '../http/body.ts';
import { controls, type ControlParts } from './controls.ts';
import { ControlFault } from './fault.ts';

/** Answers one call; rejects when the answer cannot be written. */
export async function answerControl(
  parts: ControlParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    checkCaller(request);
    const address = addressOf(request.url ?? '/');
    const [name = 'state', ...more] = address.area === 'control' ? address.segments : [];
    const methods = Object.hasOwn(controls, name) && more.length === 0 ? controls[name]! : undefined;
    if (!methods) throw new ControlFault(404, `Unknown control. Known: ${Object.keys(controls).join(', ')}`);
    const control = methods[request.method ?? 'GET'];
    if (!control) throw new ControlFault(405, `Only ${Object.keys(methods).join(', ')}`);
    const query = new URLSearchParams(address.area === 'control' ? address.query : '');
    const told = await control(parts, await bodyRead(request), query);
    if (isLines(told)) return await sendLines(response, told);
    sendJson(response, 200, told);
  } catch (error) {
    if (!(error instanceof ControlFault)) throw error;
    sendJson(response, error.status, {
      title: error.message,
      status: error.status,
      ...(error.faults.length ? { faults: error.faults } : {}),
    });
  }
}

/** Controls write files and change state: a page of another site must not reach them through somebody's browser. */
function checkCaller({ socket, headers }: IncomingMessage): void {
  const from = socket.remoteAddress ?? '';
  const loopback = /^(127\.|::1$|::ffff:127\.)/.test(from);
  const named = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(headers.host ?? '');
  if (!loopback || !named)
    throw new ControlFault(403, 'Controls answer this machine alone, as localhost or 127.0.0.1');
  if (headers.origin !== undefined) throw new ControlFault(403, 'Controls do not answer browsers');
}

async function bodyRead(request: IncomingMessage): Promise<unknown> {
  const text = await bodyOf(request);
  if (text === undefined) throw new ControlFault(413, 'The body is too large');
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ControlFault(400, 'The body is not JSON');
  }
}

function isLines(told: unknown): told is AsyncIterable<string> {
  return typeof told === 'object' && told !== null && Symbol.asyncIterator in told;
}

async function sendLines(response: ServerResponse, lines: AsyncIterable<string>): Promise<void> {
  response.setHeader('content-type', 'application/x-ndjson');
  for await (const line of lines) {
    if (response.destroyed) return;
    if (!response.write(`${line}\n`)) {
      await new Promise<void>((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
  }
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('content-type', status < 400 ? 'application/json' : 'application/problem+json');
  response.end(`${JSON.stringify(body)}\n`);
}
