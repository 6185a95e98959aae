/** One file to make. It crosses a thread boundary, so it is plain data. */
export type RenderJob =
  | (Visual & { media: 'image'; format: 'png' | 'jpeg' })
  | (Visual & { media: 'video'; seconds: number })
  | { media: 'audio'; format: 'wav' | 'mp3'; seconds: number; seed: string };

export type Visual = {
  /** Files with the same seed look alike. */
  seed: string;
  width: number;
  height: number;
  prompt: string;
  /** The small line under the prompt. */
  caption: string;
};

export type WorkerRequest = { id: number; job: RenderJob; path: string };
export type WorkerAnswer = { id: number; error: string | null };
