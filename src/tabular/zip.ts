/**
 * The parts of a ZIP archive (APPNOTE 6.3, without ZIP64 and encryption), as a workbook is one. What a part expands to
 * is counted while it expands, whatever the archive claims: a bomb stops at the limit.
 */
import { crc32, inflateRawSync } from 'node:zlib';

/** Why an archive cannot be used. */
export class ZipFault extends Error {
  readonly reason: 'damaged' | 'too-large' | 'encrypted';
  constructor(reason: ZipFault['reason']) {
    super(reason);
    this.reason = reason;
  }
}

export type ZipLimits = { parts: number; expanded: number };

/** `expanded`: bytes of all parts read together. */
export const zipLimits: ZipLimits = { parts: 2_000, expanded: 64 * 1024 * 1024 };

export type Archive = {
  names: readonly string[];
  /** The bytes of a part; undefined when it is not there. Throws ZipFault. */
  read(name: string): Uint8Array | undefined;
};

/** Where a part stands in its archive, and what the directory says of it. */
export type Part = { offset: number; size: number; method: number; flags: number; crc: number };

/** Reads the directory of an archive. Throws ZipFault. */
export function openZip(bytes: Uint8Array, limits: ZipLimits = zipLimits): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = directoryOf(view, limits);
  let left = limits.expanded;
  return {
    names: [...parts.keys()],
    read: (name) => {
      const part = parts.get(name);
      if (!part) return undefined;
      const content = expand(bytes, view, part, left);
      left -= content.length;
      return content;
    },
  };
}

const endMark = 0x06054b50;
const directoryMark = 0x02014b50;
const localMark = 0x04034b50;

function directoryOf(view: DataView, limits: ZipLimits): Map<string, Part> {
  const { at, count } = directoryPlace(view);
  if (at > view.byteLength) throw new ZipFault('damaged');
  return partsOf(new DataView(view.buffer, view.byteOffset + at, view.byteLength - at), count, limits);
}

/** The parts of a directory of `count` entries, from its first byte on. Throws ZipFault. */
export function partsOf(view: DataView, count: number, limits: ZipLimits): Map<string, Part> {
  if (count > limits.parts) throw new ZipFault('too-large');
  const parts = new Map<string, Part>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== directoryMark)
      throw new ZipFault('damaged');
    const nameLength = view.getUint16(at + 28, true);
    const extra = view.getUint16(at + 30, true);
    const comment = view.getUint16(at + 32, true);
    if (at + 46 + nameLength > view.byteLength) throw new ZipFault('damaged');
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
    if (parts.has(name)) throw new ZipFault('damaged');
    parts.set(name, {
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      size: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + extra + comment;
  }
  return parts;
}

/** The last bytes of an archive among which its end record stands, before a comment that is nearly always empty. */
export const tailLength = 22 + 0xffff;

/** Where the directory begins, by the end record, which is looked for in the last bytes of a view. Throws ZipFault. */
export function directoryPlace(view: DataView): { at: number; count: number } {
  const last = view.byteLength - 22;
  for (let end = last; end >= 0 && end >= view.byteLength - tailLength; end -= 1) {
    if (view.getUint32(end, true) === endMark)
      return { count: view.getUint16(end + 10, true), at: view.getUint32(end + 16, true) };
  }
  throw new ZipFault('damaged');
}

/** Bytes before the content of a part, by its local header: these 30, its name and extra. Throws ZipFault. */
export function localLength(header: DataView, part: Part): number {
  if (part.flags & 1) throw new ZipFault('encrypted');
  if (part.method !== 0 && part.method !== 8) throw new ZipFault('damaged');
  if (header.byteLength < 30 || header.getUint32(0, true) !== localMark) throw new ZipFault('damaged');
  return 30 + header.getUint16(26, true) + header.getUint16(28, true);
}

function expand(bytes: Uint8Array, view: DataView, part: Part, left: number): Uint8Array {
  const { offset } = part;
  if (offset > view.byteLength) throw new ZipFault('damaged');
  const start =
    offset + localLength(new DataView(view.buffer, view.byteOffset + offset, view.byteLength - offset), part);
  if (start + part.size > bytes.length) throw new ZipFault('damaged');
  const packed = bytes.subarray(start, start + part.size);
  const content = part.method === 8 ? inflate(packed, left) : packed;
  if (content.length > left) throw new ZipFault('too-large');
  if (crc32(content) !== part.crc) throw new ZipFault('damaged');
  return content;
}

function inflate(packed: Uint8Array, left: number): Uint8Array {
  if (left < 1) throw new ZipFault('too-large');
  try {
    return inflateRawSync(packed, { maxOutputLength: left });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new ZipFault(tooLarge ? 'too-large' : 'damaged');
  }
}
