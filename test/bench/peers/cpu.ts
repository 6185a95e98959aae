import { readdir, readFile } from 'node:fs/promises';

/** Linux counts a process's CPU time in hundredths of a second, whatever the machine. */
const msPerTick = 10;

type ProcessStatus = { parent: number; cpuMs: number };

/** Milliseconds of CPU that a process has taken, with all its threads. Linux only. */
export async function cpuMsOf(pid: number): Promise<number> {
  return (await statusOf(pid)).cpuMs;
}

/** The same of all processes that a process has started and that still run: of a postmaster's backends. */
export async function childrensCpuMs(parent: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => statusOf(Number(pid)).catch(() => null)));
  return found.reduce((sum, status) => sum + (status?.parent === parent ? status.cpuMs : 0), 0);
}

export async function parentOf(pid: number): Promise<number> {
  return (await statusOf(pid)).parent;
}

/** proc(5): behind the program's name, which may have any characters, the fields are divided by spaces. */
async function statusOf(pid: number): Promise<ProcessStatus> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system] = [1, 11, 12].map((index) => Number(fields[index]));
  if (parent === undefined || user === undefined || system === undefined) throw new Error(`No status: ${text}`);
  return { parent, cpuMs: (user + system) * msPerTick };
}
