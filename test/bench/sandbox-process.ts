import { z } from 'zod';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { answerCommands } from './child.ts';

/** The child of busy-gateway.ts: a vendor of images. Its directory, speed and limit are arguments; it answers its endpoint. */
const [directory, speed, limit] = z
  .tuple([z.string(), z.coerce.number(), z.coerce.number()])
  .parse(process.argv.slice(2));
const limits = { CreateAigcImageTask: limit, DescribeAigcImageTask: limit };
const sandbox = startSandbox({ port: 0, directory, speed, limits, draws: false });

answerCommands(z.object({}), async () => (await sandbox).endpoint);
