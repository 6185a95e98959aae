import { runGateway } from './run-gateway.ts';

// What `npm run dev` runs: the gateway, with the page from its sources. Nothing else loads Vite while a gateway runs.
await runGateway(async (running) => {
  const { openPageSources } = await import('../http/static/page/page-sources.ts');
  const sources = running.use(await openPageSources());
  return { createPage: sources.createPage };
});
