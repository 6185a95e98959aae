import { runGateway } from './gateway/run-gateway.ts';

await runGateway();
