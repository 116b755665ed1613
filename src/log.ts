/**
 * The log: one JSON line an event, fixed event names, ids only (winston). Values that could be patient data do not get
 * in: only the fields named here are written, everything else is dropped and counted.
 */
import winston from 'winston';

/** Fields a log line may carry. */
const allowed = new Set([
  'server',
  'network',
  'run',
  'job',
  'item',
  'referral',
  'document',
  'client',
  'request',
  'method',
  'route',
  'status',
  'category',
  'side',
  'attempt',
  'count',
  'ms',
  'state',
  'path',
  'port',
  'version',
  'pid',
  'at',
  'until',
  'code',
  'stack',
]);

export type LogFields = Record<string, string | number | boolean | undefined>;

/** What rooms get to write with. Event names are `room.event`, e.g. `delivery.parked`. */
export type Log = {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
};

/** A log to standard error at the given level; `silent` for command lines and tests. */
export function createLog(level: 'silent' | 'error' | 'warn' | 'info'): Log {
  const logger = winston.createLogger({
    level: level === 'silent' ? 'error' : level,
    silent: level === 'silent',
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info'] })],
  });
  const write = (severity: 'info' | 'warn' | 'error', event: string, fields: LogFields = {}): void => {
    const kept = Object.entries(fields).filter(([name, value]) => allowed.has(name) && value !== undefined);
    const dropped = Object.keys(fields).length - kept.length;
    logger.log({
      level: severity,
      message: event,
      ...Object.fromEntries(kept),
      ...(dropped ? { dropped } : {}),
    });
  };
  return {
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
  };
}

/** Code of an unforeseen error and where in our code it arose, without its message: messages can quote data. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { code: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { code: (error as { code?: string }).code ?? error.name, stack: frames.slice(0, 6).join('\n') };
}
