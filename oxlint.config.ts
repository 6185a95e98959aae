import { defineConfig, type OxlintOverride } from 'oxlint';

/** Which room may import which (docs/architecture.md, Rooms). All may import the kit. What is not drawn here fails the lint. */
const arrows: Record<string, readonly string[]> = {
  kit: [],
  domain: [],
  'embedded-postgres': [],
  execution: [],
  outbound: ['domain'],
  upstream: ['domain'],
  events: ['domain'],
  sandbox: ['domain'],
  store: ['domain', 'embedded-postgres'],
  tasks: ['store', 'events', 'domain'],
  scheduler: ['tasks', 'store', 'upstream', 'domain'],
  archive: ['tasks', 'store', 'domain'],
  webhooks: ['tasks', 'store', 'domain'],
  schema: ['tasks', 'domain'],
  http: ['schema', 'tasks', 'execution', 'domain'],
  page: [],
  seed: ['store', 'sandbox', 'domain'],
};
const rooms = Object.keys(arrows);

const forbid = (regex: string, message: string) => ({ regex, message });

function rulesOf(room: string, allowed: readonly string[]): OxlintOverride {
  const forbidden = rooms.filter((other) => other !== room && other !== 'kit' && !allowed.includes(other));
  // A command line reads the environment itself.
  const whole = room === 'seed' ? 'gateway|keys' : 'gateway|config|keys';
  const patterns = [
    forbid(`^(\\.\\./)+(src/)?(${forbidden.join('|')})/`, `No arrow leads from ${room} to this room.`),
    forbid(`^(\\.\\./)+(src/)?((${whole})/|main\\.ts$)`, 'Only the composition root knows the whole.'),
  ];
  if (room === 'domain') {
    patterns.push(
      forbid('/kit/(clock|logger|repeat|time-limit|wake-up|send-file|file-lock)', 'No clock, no log, no I/O.'),
    );
    patterns.push(forbid('^node:(?:fs|net|http|https|child_process|timers)', 'The domain does no I/O.'));
  }
  if (room === 'page')
    patterns.push(forbid('^node:|^graphql$|/kit/', 'The page runs in a browser, and is to stay small.'));
  if (room !== 'store') patterns.push(forbid('^kysely', 'Only the store speaks SQL.'));
  if (!['store', 'events', 'embedded-postgres'].includes(room))
    patterns.push(forbid('^pg$', 'Only the store, events and the launcher reach PostgreSQL.'));
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
    // Of types too: files that know each other are one file, or share a third.
    'import/no-cycle': ['error', { ignoreTypes: false }],
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
  overrides: [
    ...Object.entries(arrows).map(([room, allowed]) => rulesOf(room, allowed)),
    // What is executed is recursive: a value may be an object, whose fields have values.
    { files: ['src/execution/**'], rules: { 'import/no-cycle': 'off' } },
  ],
});
