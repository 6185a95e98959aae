import { existsSync } from 'node:fs';
import { buildPage } from './build-page.ts';
import { findPageFolder } from './page-folder.ts';

// A program of its own: a build takes a second of a processor and a hundred megabytes, which no gateway has to spare.
// Whatever it was started by: a build for development is three times as large, and slower.
process.env['NODE_ENV'] = 'production';

const folder = await findPageFolder();
if (!existsSync(folder)) await buildPage(folder);
