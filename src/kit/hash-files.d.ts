/** One hash of the content of files, which are named by their paths below `root`. Throws where one is missing. */
export function hashFiles(root: string, paths: readonly string[]): string;
