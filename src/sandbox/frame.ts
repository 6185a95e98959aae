import { parseAdditionalParameters } from './requests.ts';
import type { SandboxTask } from './task.ts';

export type PixelSize = { width: number; height: number };

/** Pictures and clips have about this many pixels, whatever resolution was requested: quick, and large enough. */
const picturePixels = 1024 * 1024;
const clipPixels = 640 * 360;

const shortSide: Record<string, number> = {
  '540P': 540,
  '720P': 720,
  '768P': 768,
  '1080P': 1080,
  '2K': 1440,
  '4K': 2160,
};

type VisualTask = Extract<SandboxTask, { kind: 'image' | 'video' }>;

export function pictureSize(task: VisualTask): PixelSize {
  return sizeOfArea(aspectOf(task, 1), picturePixels);
}

export function clipSize(task: SandboxTask): PixelSize {
  return sizeOfArea(task.kind === 'video' ? aspectOf(task, 16 / 9) : 16 / 9, clipPixels);
}

/** Describe's Resolution: the requested size in whole macroblocks of 16 pixels, as in "1920x1088". */
export function spokenResolution(task: Extract<SandboxTask, { kind: 'video' }>): string {
  const aspect = aspectOf(task, 16 / 9);
  const short = shortSide[task.request.ExtraParameters?.Resolution ?? '1080P'] ?? 1080;
  const [width, height] = aspect >= 1 ? [short * aspect, short] : [short, short / aspect];
  return [width, height].map((side) => Math.ceil(Math.round(side) / 16) * 16).join('x');
}

function aspectOf({ request }: VisualTask, otherwise: number): number {
  const { size } = parseAdditionalParameters(request.AdditionalParameters);
  const requested =
    parseRatio(request.ExtraParameters?.AspectRatio, ':') ?? parseRatio(size, 'x') ?? parseRatio(size, '*');
  return Math.min(4, Math.max(1 / 4, requested ?? otherwise));
}

function parseRatio(text: unknown, separator: string): number | null {
  if (typeof text !== 'string') return null;
  const [width, height] = text.split(separator).map(Number);
  const ratio = (width ?? NaN) / (height ?? NaN);
  return Number.isFinite(ratio) && ratio > 0 ? ratio : null;
}

/** H.264 wants even sides. */
function sizeOfArea(aspect: number, pixels: number): PixelSize {
  const even = (side: number) => Math.round(side / 2) * 2;
  return { width: even(Math.sqrt(pixels * aspect)), height: even(Math.sqrt(pixels / aspect)) };
}
