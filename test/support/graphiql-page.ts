import type { Browser, Page } from 'playwright-core';

/** GraphiQL in a browser, driven as a person would: by its buttons and editors. */
export type GraphiqlPage = AsyncDisposable & {
  page: Page;
  /** Whatever a flawless page has none of: console errors, refusals by the security policy, requests to other origins. */
  problems: string[];
  /** Runs one of the open tab's operations. */
  run(operationName: string): Promise<void>;
  /** Ends the running subscription. */
  stop(): Promise<void>;
  variables(): Promise<Record<string, unknown>>;
  setVariables(variables: Record<string, unknown>): Promise<void>;
  /** The text of the answer that is shown now, without white space. */
  response(): Promise<string>;
  /** Resolves when the shown answer has it. */
  responseWith(text: string): Promise<void>;
};

/** Tall, because editors render only the lines in view. */
const viewport = { width: 1500, height: 2400 };

const runButton = '.graphiql-execute-button';
const variableEditor = '.graphiql-editor-tool .monaco-editor';
const responseEditor = '.graphiql-response .monaco-editor';

/** Opens the page of a gateway at `url`, signs in with `key` where it is asked for one, and waits until it can be used. */
export async function openGraphiql(browser: Browser, url: string, key: string | null = null): Promise<GraphiqlPage> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const problems: string[] = [];
  watchForProblems(page, new URL(url).origin, problems);
  await page.goto(`${url}/graphql`);
  if (key !== null) await signIn(page, key);
  await waitUntilUsable(page);

  const text = async (editor: string): Promise<string> =>
    (await page.locator(`${editor} .view-lines`).first().innerText()).replaceAll('\u00a0', ' ');
  return {
    page,
    problems,
    async run(operationName) {
      await page.click(runButton);
      await page.getByRole('menuitem', { name: operationName, exact: true }).click();
    },
    stop: () => page.click(runButton),
    variables: async () => JSON.parse(await text(variableEditor)),
    async setVariables(variables) {
      await page.locator(variableEditor).first().click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.press('Delete');
      // Key by key: the editor closes quotes and brackets by itself, and types over what it has closed.
      await page.keyboard.type(JSON.stringify(variables));
    },
    response: async () => (await text(responseEditor)).replaceAll(/\s/g, ''),
    async responseWith(expected) {
      await page.waitForFunction(
        ([selector, wanted]) =>
          document.querySelector(`${selector} .view-lines`)?.textContent.replaceAll(/\s/g, '').includes(wanted),
        [responseEditor, expected] as const,
      );
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key or token').fill(key);
  await page.getByRole('button', { name: 'Open GraphiQL' }).click();
}

/** As after a visit: what the browser keeps is still there. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await waitUntilUsable(page);
}

async function waitUntilUsable(page: Page): Promise<void> {
  await page.waitForSelector(runButton);
  await page.waitForSelector(`${variableEditor} .view-line`);
}

function watchForProblems(page: Page, origin: string, problems: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('requestfailed', (request) => {
    // What was still loading when the page was left is no failure.
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} (${why})`);
  });
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(`${origin}/`) || /^(?:data|blob):/.test(request.url());
    if (!isOwn) problems.push(`external: ${request.url()}`);
  });
}
