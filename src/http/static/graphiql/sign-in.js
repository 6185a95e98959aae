// Runs in the browser, on the page for callers who have to sign in: asks for a key, and starts GraphiQL with it.
import { keyName, startGraphiql } from './start.js';

const asset = (name) => new URL(name, import.meta.url).href;
const [main, bar, form] = ['main', 'header', 'form'].map((name) => document.querySelector(name));
const [input, button, problem] = ['input', 'button', '#problem'].map((name) => form.querySelector(name));

/** The gateway's status for a key: 200 where it opens the page; 0 without an answer. */
async function askWith(key) {
  const headers = { Accept: 'text/html', Authorization: `Bearer ${key}` };
  // What can't be a header is no key.
  if (!/^[\x21-\x7e]+$/.test(key)) return { status: 401 };
  try {
    const { status, headers: answered } = await fetch(location.href, { headers, cache: 'no-store' });
    return { status, retryAfter: answered.get('Retry-After') };
  } catch {
    return { status: 0 };
  }
}

function explain({ status, retryAfter }) {
  if (status === 0) return 'The gateway can’t be reached.';
  if (status === 401) return 'This key or token is not valid.';
  if (status === 429) return `Too many requests with this key. Try again in ${retryAfter} s.`;
  if (status === 503) return 'The gateway can’t check keys at the moment. Try again shortly.';
  return `The gateway answered with an unexpected status: ${status}.`;
}

function load(name, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(name), attributes, { onload: resolve, onerror: reject });
    document.head.append(element);
  });
}

/** A tab's storage ends with the tab, and no other site's page can read it. */
async function signIn(key) {
  button.disabled = true;
  const said = await askWith(key);
  button.disabled = false;
  if (said.status === 401) sessionStorage.removeItem(keyName);
  if (said.status !== 200) return refuse(explain(said));
  sessionStorage.setItem(keyName, key);
  await Promise.all([
    load('link', { rel: 'stylesheet', href: asset('graphiql.css') }),
    load('script', { src: asset('graphiql.js') }),
  ]);
  main.remove();
  bar.hidden = false;
  document.title = 'GraphiQL · AIGC task gateway';
  await startGraphiql();
}

function refuse(text) {
  main.hidden = false;
  problem.textContent = text;
  input.setAttribute('aria-invalid', 'true');
  input.focus();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  problem.textContent = '';
  input.removeAttribute('aria-invalid');
  const key = input.value.trim().replace(/^Bearer +/i, '');
  if (key === '') refuse('Type a key or a token.');
  else void signIn(key);
});

bar.querySelector('button').addEventListener('click', () => {
  sessionStorage.removeItem(keyName);
  location.reload();
});

const remembered = sessionStorage.getItem(keyName);
if (remembered !== null) {
  main.hidden = true;
  input.value = remembered;
  await signIn(remembered);
}
