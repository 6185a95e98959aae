import { buildBundle } from './bundle/build-bundle.ts';
import { bundleFolder } from './bundle/bundle-state.js';
import { buildPage } from './http/static/page/build-page.ts';
import { pageFolder } from './http/static/page/page-folder.ts';
import { reasonOf } from './kit/reason-of.ts';
import { buildDataTemplate } from './store/data-template.ts';

// Whatever starts it: a development build of the page is three times as large, and slower.
process.env['NODE_ENV'] = 'production';

/** What `npm run build` makes. Where one of them can't be made, the others are. */
const builds = {
  page: () => buildPage(pageFolder),
  bundle: () => buildBundle(bundleFolder),
  'data template': buildDataTemplate,
};

for (const [name, build] of Object.entries(builds)) {
  await build().catch((error: unknown) => {
    console.error(`The ${name} could not be built: ${reasonOf(error)}`);
    process.exitCode = 1;
  });
}
