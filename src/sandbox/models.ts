import type { Kind } from './actions.ts';

/** Which durations of video a model version makes. */
type TakesSeconds = (seconds: number) => boolean;

type Model = { medianS: number; versions: Readonly<Record<string, TakesSeconds>> };

const any: TakesSeconds = () => true;
const oneOf =
  (...allowed: number[]): TakesSeconds =>
  (seconds) =>
    allowed.includes(seconds);
const from =
  (low: number, high: number): TakesSeconds =>
  (seconds) =>
    seconds >= low && seconds <= high;

/** Names and versions by the vendor's pages and its SDK, with median times of a task. */
const models: Record<Kind, Readonly<Record<string, Model>>> = {
  image: {
    Hunyuan: { medianS: 8, versions: { '3.0': any } },
    GEM: { medianS: 11, versions: { '2.5': any, '3.0': any } },
    Qwen: { medianS: 6, versions: { '0925': any } },
    Vidu: { medianS: 10, versions: { q2: any } },
    Kling: { medianS: 9, versions: { '2.1': any, O1: any, '3.0': any, '3.0-Omni': any } },
  },
  video: {
    Hunyuan: { medianS: 150, versions: { '1.5': any } },
    Hailuo: { medianS: 110, versions: { '02': oneOf(6, 10), '2.3': oneOf(6, 10), '2.3-fast': oneOf(6, 10) } },
    Kling: {
      medianS: 140,
      versions: {
        '1.6': oneOf(5, 10),
        '2.0': oneOf(5, 10),
        '2.1': oneOf(5, 10),
        '2.5': oneOf(5, 10),
        O1: from(3, 10),
        '2.6': oneOf(5, 10),
        '3.0': from(3, 15),
        '3.0-Omni': from(3, 15),
      },
    },
    Vidu: {
      medianS: 100,
      versions: {
        q2: from(1, 10),
        'q2-pro': from(1, 10),
        'q2-turbo': from(1, 10),
        'q3-pro': from(3, 16),
        'q3-turbo': from(3, 16),
        q3: from(3, 16),
        'q3-mix': from(3, 16),
      },
    },
    PixVerse: { medianS: 80, versions: { 'v5.6': oneOf(5, 8, 10), v6: from(1, 15), c1: from(1, 15) } },
    Mingmou: { medianS: 180, versions: {} },
    H2: { medianS: 160, versions: { '1.0': from(3, 15) } },
  },
  audio: {
    GL: { medianS: 35, versions: { '3.0-clip': any, '3.0-pro': any } },
    MiniMaxMusic: { medianS: 55, versions: { '2.0': any, '2.5': any, '2.6': any } },
  },
};

const defaultMedianS: Record<Kind, number> = { image: 8, video: 120, audio: 45 };

/** The vendor's word for the kind in its messages. */
const spokenKind: Record<Kind, string> = { image: 'image', video: 'video', audio: 'music' };

export type ModelChoice = { name: string | undefined; version: string | undefined; seconds: number | undefined };

export function medianSecondsOf(kind: Kind, { name, version }: ModelChoice): number {
  const median = own(models[kind], name ?? '')?.medianS ?? defaultMedianS[kind];
  return /turbo|fast|clip/.test(version ?? '') ? median * 0.6 : median;
}

/** Why this choice can't work, in the vendor's words, or null. The vendor accepts such a task, which then fails. */
export function findModelTrouble(kind: Kind, { name, version, seconds }: ModelChoice): string | null {
  if (name === undefined) return null;
  const model = own(models[kind], name);
  if (!model) return `Invalid model name for ${spokenKind[kind]}`;
  if (version === undefined || Object.keys(model.versions).length === 0) return null;
  const takesSeconds = own(model.versions, version);
  if (!takesSeconds) return `Invalid model version for ${spokenKind[kind]}`;
  if (seconds !== undefined && !takesSeconds(seconds)) return `Invalid duration for ${name} ${version}`;
  return null;
}

/** A client may name a model `constructor`. */
function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
