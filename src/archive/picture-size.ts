export type PictureSize = { width: number; height: number };

/** Where a picture's header tells its size, in pixels; null where it doesn't, or isn't known here. Takes its beginning. */
export function readPictureSize(head: Buffer, contentType: string): PictureSize | null {
  try {
    return readers[contentType]?.(head) ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null; // cut off
    throw error;
  }
}

const readers: Record<string, (head: Buffer) => PictureSize | null> = {
  'image/png': (head) => ({ width: head.readUInt32BE(16), height: head.readUInt32BE(20) }),
  'image/gif': (head) => ({ width: head.readUInt16LE(6), height: head.readUInt16LE(8) }),
  'image/webp': readWebp,
  'image/jpeg': readJpeg,
};

/** Three kinds: lossy, lossless, extended. RFC 9649. */
function readWebp(head: Buffer): PictureSize | null {
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = head.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

/** Segment after segment to the start of a frame: any of sixteen markers, but for three that mean something else. */
function readJpeg(head: Buffer): PictureSize | null {
  for (let position = 2; ; position += 2 + head.readUInt16BE(position + 2)) {
    while (head.readUInt8(position + 1) === 0xff) position += 1; // padding
    const marker = head.readUInt16BE(position);
    if (marker < 0xffc0 || marker === 0xffda) return null;
    if (marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker))
      return { width: head.readUInt16BE(position + 7), height: head.readUInt16BE(position + 5) };
  }
}
