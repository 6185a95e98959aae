import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { GatewayOverrides } from '../../src/gateway/gateway.ts';
import type { Config } from '../../src/config/config.ts';
import { findBrowser, startBrowser } from '../support/browser.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

export const browserPath = await findBrowser();

export type Stage = {
  readonly gateway: TestGateway;
  readonly browser: Browser;
  /** Where the sandbox keeps its results. */
  readonly filesAt: string | undefined;
};

/** For the tests of the enclosing describe: a gateway with a sandbox, slow enough to be watched, and a browser. */
export function setStage(changes: Partial<Config> = {}, overrides: GatewayOverrides = {}): Stage {
  let gateway: TestGateway | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    gateway = await startTestGateway({ sandbox: { port: 0, speed: 20, failShare: 0, seed: 1 }, ...changes }, overrides);
    browser = await startBrowser(browserPath ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });
  const present = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('Not before the tests have begun.');
    return value;
  };
  return {
    get gateway() {
      return present(gateway);
    },
    get browser() {
      return present(browser);
    },
    get filesAt() {
      return gateway?.gateway.sandbox?.endpoint;
    },
  };
}
