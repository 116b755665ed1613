/** Second pass, when some lines were known: what these say of the persons and structures that other lines speak of. */
import { eachLine } from '../files/whole-lines.ts';
import { digestOfHash, hashBytes, hashLine } from './line-hash.ts';
import type { ExtractRun } from './run.ts';
import { settleHeldLine } from './settle.ts';

/** A line of the file. */
export type HeldLine = { bytes: Buffer; number: number };

/** Bytes of lines that are kept for the telling; beyond it the file is read once more. */
const most = 48 * 1024 * 1024;

/** The lines that speak of anything to be told, where they are few; undefined where they are not. */
export async function settleHeld(run: ExtractRun): Promise<HeldLine[] | undefined> {
  const { reader, settled } = run;
  const lineHash = Buffer.alloc(hashBytes);
  let kept: HeldLine[] | undefined = [];
  let bytesKept = 0;
  for await (const block of run.extract.blocks()) {
    run.ask.signal.throwIfAborted();
    eachLine(block, (start, end, number) => {
      if (number === 1) return;
      const line = block.bytes.subarray(start, end);
      const isNew = settled.lines.role(number) >= 0;
      if (!isNew) {
        const person = reader.read(block.bytes, { start, end, number }, { loud: false, cut: block.cut });
        if (person === undefined) return;
        const hashed = (): ReturnType<typeof digestOfHash> => {
          hashLine(line, lineHash);
          return digestOfHash(lineHash);
        };
        if (!settleHeldLine(settled, reader.line, { person, number, hashed })) return;
      }
      bytesKept += line.length;
      if (bytesKept > most) kept = undefined;
      else kept?.push({ bytes: Buffer.from(line), number });
    });
  }
  return kept;
}
