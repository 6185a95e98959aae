import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const installScript = fileURLToPath(new URL('install-browser.sh', import.meta.url));
const cannotInstallHere = 3;

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** No sandbox, because tests may run as root; nothing that goes to the network by itself. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The path of a Chromium: CHROMIUM_PATH, one that is installed, or one that is installed now. null where none can
 * be installed by a test; browser tests are skipped there: `describe.skipIf(browserPath === null)`.
 */
export async function findBrowser(): Promise<string | null> {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen) return chosen;
  const installed = () => usualPlaces.find((path) => existsSync(path)) ?? null;
  return installed() ?? ((await tryInstall()) ? installed() : null);
}

async function tryInstall(): Promise<boolean> {
  console.warn('Installing Chromium for the browser tests; this takes a minute, once.');
  try {
    await promisify(execFile)('/bin/sh', [installScript]);
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== cannotInstallHere) throw error;
    console.warn(`BROWSER TESTS ARE SKIPPED. ${'stderr' in error ? String(error.stderr) : ''}`);
    return false;
  }
}

export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: quiet });
}
