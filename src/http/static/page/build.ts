import { buildPage } from './build-page.ts';
import { pageFolder } from './page-folder.ts';

// Whatever starts it: a development build is three times as large, and slower.
process.env['NODE_ENV'] = 'production';
try {
  await buildPage(pageFolder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
