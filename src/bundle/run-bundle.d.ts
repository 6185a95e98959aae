/** Runs the gateway: its bundle, where that is whole and of the sources that there are, else the sources themselves. */
export function runBundle(): Promise<void>;

/**
 * Keeps what is compiled from now on beside the bundle, for this user and this Node; where that can't be written, for
 * another user than the one who built, where Node keeps it by default.
 */
export function keepCompiled(folder: string): void;
