import { createMp3Encoder } from 'wasm-media-encoders';
import { seededRandom, type Random } from '../../kit/seeded-random.ts';
import type { RenderJob } from './render-job.ts';
import { encodeWav } from './wav.ts';

const sampleRate = 22_050;
const mp3BitrateKbps = 64;
const loudness = 0.8;

/** Semitones of a pentatonic scale: any of its notes go together. */
const scale = [0, 2, 4, 7, 9, 12, 14, 16] as const;

export async function renderTune({
  seed,
  seconds,
  format,
}: Extract<RenderJob, { media: 'audio' }>): Promise<Uint8Array> {
  const samples = compose(seededRandom('tune', seed), seconds);
  return format === 'mp3' ? encodeMp3(samples) : encodeWav(samples, sampleRate);
}

/** A plucked melody over long low notes, at a pace and in a key of the seed's. Mono, −1 to 1. */
function compose(random: Random, seconds: number): Float32Array {
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  const beatS = 60 / random.integer(84, 132);
  const rootHz = 110 * 2 ** (random.integer(0, 11) / 12);
  for (let beat = 0; beat * beatS < seconds; beat += 0.5) {
    const isBar = beat % 4 === 0;
    if (isBar) strike(samples, beat * beatS, 4 * beatS, rootHz * semitones(random.pick([0, 5, 7, -3])), 0.25);
    if (isBar || random.fraction() < 0.55) {
      strike(samples, beat * beatS, 1.2, rootHz * 2 * semitones(random.pick(scale)), random.between(0.15, 0.35));
    }
  }
  return normalize(samples);
}

function semitones(count: number): number {
  return 2 ** (count / 12);
}

/** Adds one decaying note with an overtone. */
function strike(samples: Float32Array, atS: number, lengthS: number, hz: number, volume: number): void {
  const start = Math.round(atS * sampleRate);
  const length = Math.min(Math.round(lengthS * sampleRate), samples.length - start);
  const attack = sampleRate * 0.008;
  for (let index = 0; index < length; index += 1) {
    const angle = (2 * Math.PI * hz * index) / sampleRate;
    const envelope = Math.min(1, index / attack) * Math.exp((-5 * index) / (lengthS * sampleRate));
    const position = start + index;
    samples[position] = (samples[position] ?? 0) + volume * envelope * (Math.sin(angle) + 0.35 * Math.sin(2 * angle));
  }
}

function normalize(samples: Float32Array): Float32Array {
  const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  return peak === 0 ? samples : samples.map((sample) => (sample * loudness) / peak);
}

async function encodeMp3(samples: Float32Array): Promise<Uint8Array> {
  const encoder = await createMp3Encoder();
  encoder.configure({ channels: 1, sampleRate, bitrate: mp3BitrateKbps });
  // Each result is a view of the encoder's memory, which the next call overwrites: copy it.
  const body = Buffer.from(encoder.encode([samples]));
  return Buffer.concat([body, encoder.finalize()]);
}
