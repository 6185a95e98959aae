import { beforeAll, describe, expect, test } from 'vitest';
import { detectContentType } from '../../src/archive/media-type.ts';
import { renderFiles, type RenderedFiles } from './rendered-files.ts';

let rendered: RenderedFiles;
beforeAll(async () => {
  rendered = await renderFiles();
});

const types = ['IMAGE', 'VIDEO', 'AUDIO'] as const;
const bytes = (text: string) => Buffer.from(text.padEnd(64, '\0'), 'latin1');
const brands = (...words: string[]) => bytes(`\0\0\0${String.fromCharCode(8 + words.length * 4)}ftyp${words.join('')}`);
const detectAll = (head: Buffer) => types.map((type) => detectContentType(head, type));

describe('by its first bytes', () => {
  test('what the sandbox makes is known, and only as what it is', () => {
    expect(detectAll(rendered.png)).toEqual(['image/png', null, null]);
    expect(detectAll(rendered.jpeg)).toEqual(['image/jpeg', null, null]);
    expect(detectAll(rendered.mp4)).toEqual([null, 'video/mp4', 'audio/mp4']);
    expect(detectAll(rendered.mp3)).toEqual([null, null, 'audio/mpeg']);
    expect(detectAll(rendered.wav)).toEqual([null, null, 'audio/wav']);
  });

  test.each([
    [bytes('GIF89a'), 'image/gif', null, null],
    [bytes('RIFF\x10\0\0\0WEBPVP8 '), 'image/webp', null, null],
    [brands('avif', '\0\0\0\0', 'mif1'), 'image/avif', null, null],
    [brands('mif1', '\0\0\0\0', 'avif', 'miaf'), 'image/avif', null, null],
    [brands('heic', '\0\0\0\0', 'mif1'), 'image/heic', null, null],
    [brands('mif1', '\0\0\0\0', 'heic'), 'image/heic', null, null],
    [brands('isom', '\0\0\x02\0', 'isomiso2avc1mp41'), null, 'video/mp4', 'audio/mp4'],
    [brands('qt  ', '\0\0\0\0', 'qt  '), null, 'video/quicktime', null],
    [brands('M4A ', '\0\0\0\0', 'M4A mp42'), null, null, 'audio/mp4'],
    [bytes('\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm'), null, 'video/webm', 'audio/webm'],
    [bytes('\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska'), null, 'video/x-matroska', null],
    [bytes('ID3\x04\0\0\0\0\0\0'), null, null, 'audio/mpeg'],
    [bytes('\xff\xfb\x90\x64'), null, null, 'audio/mpeg'],
    [bytes('\xff\xf1\x50\x80'), null, null, 'audio/aac'],
    [bytes('fLaC\0\0\0\x22'), null, null, 'audio/flac'],
    [bytes('OggS\0\x02'), null, null, 'audio/ogg'],
  ])('%j is an image: %s, a video: %s, a sound: %s', (head, ...expected) => {
    expect(detectAll(head)).toEqual(expected);
  });

  test.each([
    '',
    '\0',
    '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>',
    '\xef\xbb\xbf<html>',
    '\xff\xfe<\0h\0t\0m\0l\0>\0',
    '\xfe\xff\0<\0h\0t\0m\0l',
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>',
    '{"error":"expired"}',
    'ID3 is a tag of MP3s',
    'RIFF a page that begins so',
    '#EXTM3U\nfile:///etc/passwd',
    '%PDF-1.7',
    'PK\x03\x04',
    '\x1f\x8b\x08\0\0\0\0\0',
    '\x1a\x45\xdf\xa3 something else',
    '\xff\xff\xff\xff\xff\xff\xff\xff',
    'MZ\x90\0',
    '\x7fELF',
  ])('%j is none of them', (text) => {
    expect(detectAll(Buffer.from(text, 'latin1'))).toEqual([null, null, null]);
  });

  test('a file that is cut off within them is no trouble', () => {
    for (const file of Object.values(rendered)) {
      for (let length = 0; length < 64; length += 1) expect(() => detectAll(file.subarray(0, length))).not.toThrow();
    }
  });
});
