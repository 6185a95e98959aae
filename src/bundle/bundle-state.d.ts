/** The project's folder. */
export const root: string;
/** Where the bundle is. */
export const bundleFolder: string;
/** In that folder: what the bundle was made from, and what it consists of. */
export const manifestFile: string;
/** In that folder: what `npm start` loads. */
export const mainFile: string;

export type Manifest = {
  /** Paths below the project's folder, with slashes. */
  sources: readonly string[];
  /** Of their content. */
  hash: string;
  /** The bundle's own files, in bytes. */
  sizes: Readonly<Record<string, number>>;
};

/** Whether the bundle in a folder is missing, was made from other sources than there are now, or has changed itself. */
export function stateOfBundle(folder?: string): 'missing' | 'outdated' | 'damaged' | 'current';
