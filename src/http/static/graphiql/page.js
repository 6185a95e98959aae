// Runs in the browser, on the page for callers who need not sign in.
import { startGraphiql } from './start.js';

await startGraphiql();
