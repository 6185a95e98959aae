// Runs in the browser, beside the packaged GraphiQL: everything it needs is in the folder it was loaded from.

/** Where this tab keeps the key or token of its sign-in. */
export const keyName = 'gateway:key';

const asset = (name) => new URL(name, import.meta.url).href;

const workers = { editorWorkerService: 'editor.worker.js', json: 'json.worker.js', graphql: 'graphql.worker.js' };
globalThis.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => asset(workers[label]) };

/** crypto.randomUUID exists only in secure contexts, and a gateway in a private network is often plain HTTP. */
function createIdempotencyKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `graphiql-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function createVariables({ idempotencyKey, after }) {
  const input = {
    prompt: 'A lighthouse on a cliff at dusk, watercolour',
    model: { name: 'Hunyuan', version: '3.0' },
    aspectRatio: '16:9',
    idempotencyKey,
  };
  return JSON.stringify({ input, after, id: '' }, null, 2);
}

/**
 * Tabs outlive the page, and so does the idempotency key of the last visit, with which a new Create would be answered
 * with the old task. Leaves alone what the user wrote.
 */
function renewStorage({ idempotencyKey, after }) {
  const lastAfter = localStorage.getItem('gateway:after') ?? after;
  for (const item of ['graphiql:tabState', 'graphiql:variables']) {
    const stored = localStorage.getItem(item) ?? '';
    const renewed = stored.replaceAll(/graphiql-[0-9a-f]{32}/g, idempotencyKey).replaceAll(lastAfter, after);
    localStorage.setItem(item, renewed);
  }
}

/** GraphiQL takes the editors' first contents only from its storage: a default tab's variables would stay hidden. */
function fillStorage(tab) {
  localStorage.setItem('graphiql:query', tab.query);
  localStorage.setItem('graphiql:variables', tab.variables);
}

/** Where Watch begins, so that it shows what was created before Watch was pressed. */
async function findChangeCursor(headers) {
  const body = JSON.stringify({ query: '{ tasks(first: 1) { changeCursor } }' });
  const request = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body };
  const { data } = await (await fetch('/graphql', request)).json();
  return data?.tasks?.changeCursor ?? null;
}

/** With the key of the sign-in, if there is one. */
export async function startGraphiql() {
  const key = sessionStorage.getItem(keyName);
  const headers = key === null ? {} : { Authorization: `Bearer ${key}` };
  const fresh = { idempotencyKey: createIdempotencyKey(), after: await findChangeCursor(headers) };
  const query = await (await fetch(asset('first-tab.graphql'))).text();
  const firstTab = { query, variables: createVariables(fresh) };
  if (localStorage.getItem('graphiql:tabState')) renewStorage(fresh);
  else fillStorage(firstTab);
  if (fresh.after !== null) localStorage.setItem('gateway:after', fresh.after);

  globalThis.YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    title: 'AIGC task gateway',
    logo: `<img src="${asset('icon.svg')}" alt="" width="28" height="28">`,
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultTabs: [firstTab],
    // Shown in the headers editor, and sent with every operation.
    ...(key !== null && { headers: JSON.stringify(headers, null, 2) }),
    connectionParams: headers,
    // Neither keys in the browser's storage nor prompts in its history.
    shouldPersistHeaders: false,
    onEditQuery: () => {},
  });
}
