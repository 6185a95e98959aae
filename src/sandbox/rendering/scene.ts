import type { SKRSContext2D } from '@napi-rs/canvas';
import { seededRandom, type Random } from '../../kit/seeded-random.ts';
import type { PixelSize } from '../frame.ts';

/** Paints the scene as it looks `seconds` into it. A still picture is the scene at 0. */
export type Scene = (context: SKRSContext2D, seconds: number) => void;

type Palette = { sky: [string, string]; glow: string; layers: (depth: number) => string };

/** A landscape from the seed: a sky, a sun or moon, drifting lights, and layers of hills that pass by. */
export function createScene(seed: string, size: PixelSize): Scene {
  const random = seededRandom('scene', seed);
  const palette = createPalette(random);
  const parts = [
    createSky(palette, size),
    createSun(random, palette, size),
    createLights(random, palette, size),
    ...createHills(random, palette, size),
  ];
  return (context, seconds) => {
    for (const paint of parts) paint(context, seconds);
  };
}

function createPalette(random: Random): Palette {
  const hue = random.between(0, 360);
  const shift = random.pick([35, 60, -45, -70]);
  const isNight = random.fraction() < 0.4;
  const light = isNight ? 16 : 62;
  const color = (degrees: number, saturation: number, lightness: number) =>
    `hsl(${Math.round((degrees + 720) % 360)} ${saturation}% ${lightness}%)`;
  return {
    sky: [color(hue, 65, light), color(hue + shift, 65, isNight ? 38 : 80)],
    glow: color(hue + shift + 15, 95, isNight ? 82 : 93),
    layers: (depth) => color(hue + shift * (1 - depth), 45, (isNight ? 34 : 56) * (1 - depth * 0.72)),
  };
}

function createSky({ sky }: Palette, { width, height }: PixelSize): Scene {
  return (context) => {
    const gradient = context.createLinearGradient(0, 0, height * 0.25, height * 0.85);
    gradient.addColorStop(0, sky[0]);
    gradient.addColorStop(1, sky[1]);
    context.fillStyle = gradient;
    context.fillRect(0, 0, width, height);
  };
}

function createSun(random: Random, { glow }: Palette, { width, height }: PixelSize): Scene {
  const radius = Math.min(width, height) * random.between(0.08, 0.17);
  const x = width * random.between(0.18, 0.82);
  const y = height * random.between(0.16, 0.36);
  return (context, seconds) => {
    const sunk = y + seconds * height * 0.006;
    for (const [scale, alpha] of [
      [2.6, 0.12],
      [1.7, 0.2],
      [1, 0.95],
    ] as const) {
      fillCircle(context, x, sunk, radius * scale, glow, alpha);
    }
  };
}

function createLights(random: Random, { glow }: Palette, { width, height }: PixelSize): Scene {
  const lights = Array.from({ length: random.integer(14, 30) }, () => ({
    x: random.between(0, width),
    y: random.between(0, height * 0.6),
    radius: Math.min(width, height) * random.between(0.002, 0.011),
    speed: width * random.between(0.004, 0.02),
    alpha: random.between(0.25, 0.8),
  }));
  return (context, seconds) => {
    for (const { x, y, radius, speed, alpha } of lights) {
      fillCircle(context, (x + seconds * speed) % width, y, radius, glow, alpha);
    }
  };
}

function createHills(random: Random, palette: Palette, { width, height }: PixelSize): Scene[] {
  const count = random.integer(4, 6);
  return Array.from({ length: count }, (_, index) => {
    const depth = (index + 1) / count;
    const base = height * (0.42 + 0.4 * depth);
    const waves = Array.from({ length: 3 }, (__, octave) => ({
      length: (width * random.between(0.5, 1.1)) / 2 ** octave,
      amplitude: (height * random.between(0.03, 0.08)) / 1.8 ** octave,
      phase: random.between(0, 2 * Math.PI),
    }));
    const speed = width * 0.02 * (0.3 + depth * depth * 2);
    const step = Math.max(4, width / 160);
    return (context, seconds) => {
      context.fillStyle = palette.layers(depth);
      context.beginPath();
      context.moveTo(0, height);
      for (let x = 0; x <= width + step; x += step) {
        const along = x + seconds * speed;
        const rise = waves.map(
          ({ length, amplitude, phase }) => amplitude * Math.sin((2 * Math.PI * along) / length + phase),
        );
        context.lineTo(x, base - rise.reduce((sum, value) => sum + value, 0));
      }
      context.lineTo(width + step, height);
      context.fill();
    };
  });
}

function fillCircle(context: SKRSContext2D, x: number, y: number, radius: number, color: string, alpha: number): void {
  context.globalAlpha = alpha;
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}
