/**
 * Statements of a transaction whose answer nobody waits for travel with the next one: a trip to the database costs more than most
 * writes. Marked where they are written; they run in their order, and the first that fails fails the transaction.
 */
import { sql } from 'kysely';
import { kept } from './kept-statements.ts';

const mark = '/* later */ ';

/** What a statement begins or ends with that may wait for the next one of its transaction. */
export const later = sql.raw(mark);

/** The same of a statement that a connection keeps planned. */
export const keptLater = sql`${kept}${later}`;

type Send<T> = (text: string, parameters: readonly unknown[]) => Promise<T>;

/** What the driver has of an answer. */
type Answer = { command: string; rowCount: number; rows: never[] };

const none = (command = ''): Answer => ({ command, rowCount: 0, rows: [] });

/**
 * `send` for one holder of a connection, who asks one thing after the other. Outside a transaction nothing waits.
 * `together` runs what sends several statements, so that they leave in one piece.
 */
export function gathered<T>(send: Send<T>, together: (sendAll: () => void) => void): Send<T | Answer> {
  let isOpen = false;
  let waiting: { text: string; parameters: readonly unknown[] }[] = [];
  let nothingSent = true;

  return async (text, parameters) => {
    const begins = text === 'begin' || text.startsWith('start transaction');
    if (begins) [isOpen, nothingSent] = [true, true];
    if (begins || (isOpen && text.includes(mark))) {
      waiting.push({ text, parameters });
      return none();
    }
    if (text === 'rollback') {
      waiting = [];
      isOpen = false;
      if (nothingSent) return none('ROLLBACK');
    }
    if (text === 'commit') isOpen = false;
    const statements = [...waiting, { text, parameters }];
    [waiting, nothingSent] = [[], false];
    let sent: Promise<T>[] = [];
    together(() => (sent = statements.map((one) => send(one.text, one.parameters))));
    const answers = await Promise.allSettled(sent);
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed) throw failed.reason; // those after it only say that it failed
    return (answers.at(-1) as PromiseFulfilledResult<T>).value;
  };
}
