import type { ResultFileType } from '../domain/task/task.ts';

/** Enough of a file to know its type. */
export const headBytes = 256;

/** A short closed list: what generators make and browsers show, and nothing that can carry a script. */
const contentTypes = {
  IMAGE: {
    jpeg: 'image/jpeg',
    png: 'image/png',
    webp: 'image/webp',
    gif: 'image/gif',
    avif: 'image/avif',
    heic: 'image/heic',
  },
  VIDEO: { mp4: 'video/mp4', quicktime: 'video/quicktime', webm: 'video/webm', matroska: 'video/x-matroska' },
  AUDIO: {
    mp3: 'audio/mpeg',
    wav: 'audio/wav',
    flac: 'audio/flac',
    ogg: 'audio/ogg',
    aac: 'audio/aac',
    m4a: 'audio/mp4',
    mp4: 'audio/mp4',
    webm: 'audio/webm',
  },
} satisfies Record<ResultFileType, Partial<Record<Container, string>>>;

type Container =
  | ('jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'heic')
  | ('mp4' | 'quicktime' | 'webm' | 'matroska')
  | ('mp3' | 'wav' | 'flac' | 'ogg' | 'aac' | 'm4a');

export function detectContentType(head: Buffer, type: ResultFileType): string | null {
  const container = detectContainer(head);
  const allowed: Partial<Record<Container, string>> = contentTypes[type];
  return container === null ? null : (allowed[container] ?? null);
}

function detectContainer(head: Buffer): Container | null {
  const text = (start: number, end: number) => head.toString('latin1', start, end);
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (/^GIF8[79]a$/.test(text(0, 6))) return 'gif';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return 'wav';
  if (text(4, 8) === 'ftyp') return detectBrand(head);
  if (text(0, 4) === '\x1a\x45\xdf\xa3') return detectMatroska(text(4, headBytes));
  if (text(0, 4) === 'fLaC') return 'flac';
  if (text(0, 4) === 'OggS') return 'ogg';
  if (text(0, 3) === 'ID3' && [2, 3, 4].includes(head[3] ?? 0)) return 'mp3'; // by the tag's version
  return head.length < 4 ? null : detectFrame(head.readUInt32BE());
}

/** ISO base media files: the first brand is the major one; the compatible ones follow from the fifth word on. */
function detectBrand(head: Buffer): Container {
  const words = Math.floor(Math.min(head.readUInt32BE(), head.length) / 4);
  const brands = Array.from({ length: words }, (_, index) => head.toString('latin1', index * 4, index * 4 + 4)).slice(
    2,
  );
  const [major = ''] = brands;
  if (/^avi[fs]$/.test(major)) return 'avif';
  if (/^(hei[cxms]|hev[cx])$/.test(major)) return 'heic';
  // Any kind of picture; the compatible brands say which.
  if (/^(mif|msf)1$/.test(major)) return brands.includes('avif') ? 'avif' : 'heic';
  if (major === 'qt  ') return 'quicktime';
  return /^M4[ABP] $/.test(major) ? 'm4a' : 'mp4';
}

function detectMatroska(header: string): Container | null {
  if (header.includes('webm')) return 'webm';
  return header.includes('matroska') ? 'matroska' : null;
}

// Sounds without a file header begin with a frame, whose own header starts with eleven (MPEG) or twelve (ADTS) set bits. All
// fields are checked, because little else distinguishes one from noise.
function detectFrame(header: number): Container | null {
  const field = (shift: number, bits: number) => (header >>> shift) & (2 ** bits - 1);
  const layer = field(17, 2);
  if (field(20, 12) === 0xfff && layer === 0) return field(10, 4) < 13 ? 'aac' : null;
  const isMpegAudio = field(21, 11) === 0x7ff && field(19, 2) !== 1;
  const isLayer3 = layer === 1 && ![0, 15].includes(field(12, 4)) && field(10, 2) !== 3;
  return isMpegAudio && isLayer3 ? 'mp3' : null;
}
