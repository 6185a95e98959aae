// Runs in the browser, on the page of whom the gateway lets in as they are.
import { startGraphiql } from './start.js';

await startGraphiql();
