import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** The page in a browser, driven as a person would: by what stands on it. */
export type TaskPage = AsyncDisposable & {
  page: Page;
  /** Whatever a flawless page has none of: console errors, refusals by the security policy, requests to strangers. */
  problems: string[];
  /** The row of the task with this prompt. */
  row(prompt: string): Locator;
  openForm(kind?: 'Image' | 'Video' | 'Audio'): Promise<void>;
  create(prompt: string): Promise<void>;
  open(prompt: string): Promise<Locator>;
};

export type TaskPageOptions = BrowserContextOptions & {
  /** With its query. */
  path?: string;
  /** Where result files may come from. */
  filesAt?: string | undefined;
};

export async function openTaskPage(browser: Browser, url: string, options: TaskPageOptions = {}): Promise<TaskPage> {
  const { path = '/', filesAt, ...contextOptions } = options;
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 900 },
    ...contextOptions,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  watchForProblems(page, [url, ...(filesAt === undefined ? [] : [filesAt])], problems);
  await page.goto(`${url}${path}`);

  async function openForm(kind: 'Image' | 'Video' | 'Audio' = 'Image'): Promise<void> {
    await page.getByRole('link', { name: 'New task' }).click();
    await page.getByRole('navigation', { name: 'What to create' }).getByText(kind).click();
  }
  return {
    page,
    problems,
    openForm,
    row: (prompt) => page.getByRole('row').filter({ hasText: prompt }),
    async create(prompt) {
      await openForm();
      await page.getByLabel('Prompt', { exact: true }).fill(prompt);
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    },
    async open(prompt) {
      await page.getByRole('row').filter({ hasText: prompt }).getByRole('link').click();
      return page.getByRole('dialog');
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key or token').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Whatever is announced from now on, one after the other. */
export async function listen(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const announcer = document.querySelector('body > #root > [data-testid=announcer]');
    const { dataset } = document.documentElement;
    const heard = new MutationObserver(() => {
      dataset['heard'] = `${dataset['heard'] ?? ''}${announcer?.textContent ?? ''}`;
    });
    if (announcer) heard.observe(announcer, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => document.documentElement.dataset['heard'] ?? '');
}

/** The gateway does the first of these operations, such as `mutation CreateImageTask`; its answer gets lost. */
export async function loseFirstAnswer(page: Page, operation: string, after: Promise<void> = Promise.resolve()) {
  let lost = 0;
  await page.route('**/graphql', async (route) => {
    const isMeant = route.request().postData()?.includes(operation) ?? false;
    if (!isMeant || lost > 0) return route.continue();
    lost += 1;
    await after;
    await route.fetch();
    await route.abort();
  });
}

function watchForProblems(page: Page, origins: readonly string[], problems: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    const isKnown = origins.some((origin) => request.url().startsWith(`${origin}/`));
    if (!isKnown) problems.push(`to a stranger: ${request.url()}`);
  });
}
