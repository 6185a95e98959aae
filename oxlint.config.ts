import { defineConfig, type OxlintOverride } from 'oxlint';

/** DESIGN's arrows: which room may import which. What is not drawn here fails the lint. */
const arrows: Record<string, readonly string[]> = {
  domain: [],
  store: ['domain'],
  events: ['domain'],
  upstream: ['domain'],
  sandbox: ['domain'],
  tasks: ['store', 'events', 'domain'],
  scheduler: ['tasks', 'upstream', 'domain'],
  schema: ['tasks', 'domain'],
  http: ['schema', 'tasks', 'domain'],
  outbound: ['domain'],
  archive: ['tasks', 'store', 'domain'],
  webhooks: ['tasks', 'store', 'domain'],
  page: [],
};
const rooms = Object.keys(arrows);
const roots = ['gateway', 'describe-gateway', 'data-directory', 'sole-sandbox', 'open-\\w+', 'config', 'main', 'keys'];

const forbid = (regex: string, message: string) => ({ regex, message });

function rulesOf(room: string, allowed: readonly string[]): OxlintOverride {
  const forbidden = rooms.filter((other) => other !== room && !allowed.includes(other));
  const patterns = [
    forbid(`^(\\.\\./)+(src/)?(${forbidden.join('|')})/`, `No arrow leads from ${room} to this room.`),
    forbid(`^(\\.\\./)+(src/)?(${roots.join('|')})\\.ts$`, 'Only the composition root knows the whole.'),
  ];
  if (room === 'domain') {
    patterns.push(forbid('^(\\.\\./)+(clock|logger)\\.ts$', 'The domain knows no clock and logs nothing.'));
    patterns.push(forbid('^node:(?:fs|net|http|https|child_process|timers)', 'The domain does no I/O.'));
  }
  if (room === 'page') patterns.push(forbid('^node:|^graphql$', 'The page runs in a browser, and is to stay small.'));
  if (room !== 'store') patterns.push(forbid('^kysely', 'Only the store speaks SQL.'));
  if (room !== 'store' && room !== 'events') patterns.push(forbid('^pg$', 'Only store and events reach PostgreSQL.'));
  return {
    files: room === 'schema' ? ['schema/**/*.ts'] : [`src/${room}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest', 'react', 'jsx-a11y'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true },
  ignorePatterns: ['test/generated/**', 'src/page/generated/**', 'node_modules/**', 'coverage/**'],
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/consistent-type-imports': 'error',
    // Our objects close over what they need: their methods have no `this` to lose.
    'typescript/unbound-method': 'off',
    // TypeScript sees missing returns itself; inner functions may stand beside what they serve.
    'typescript/consistent-return': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'eslint/no-unmodified-loop-condition': 'off',
    'eslint/no-underscore-dangle': ['error', { allow: ['__typename', '__schema', '__type'] }],
    'promise/no-promise-in-callback': 'off',
    'promise/always-return': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'vitest/no-conditional-expect': 'off',
    'vitest/require-to-throw-message': 'off',
    // Some assert in a function of their own.
    'vitest/expect-expect': 'off',
    'import/no-unassigned-import': 'off',
    // The bundler sees to it.
    'react/react-in-jsx-scope': 'off',
    // A table whose rows are shown as cards is one to a screen reader only by its roles.
    'jsx-a11y/no-redundant-roles': 'off',
    'jsx-a11y/no-interactive-element-to-noninteractive-role': 'off',
    'jsx-a11y/prefer-tag-over-role': 'off',
    // What was generated has none.
    'jsx-a11y/media-has-caption': 'off',
    'import/no-named-as-default-member': 'off',
  },
  overrides: Object.entries(arrows).map(([room, allowed]) => rulesOf(room, allowed)),
});
