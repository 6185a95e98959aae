import { expect, test } from 'vitest';
import { createImage, followTask } from '../support/documents.ts';
import { startTestGateway } from '../support/gateway.ts';

test('an image is created, followed live to its end, and can be opened', async () => {
  await using gateway = await startTestGateway();
  const { createImageTask } = await gateway.ask(createImage, {
    input: { prompt: 'a lighthouse at dawn', idempotencyKey: 'first' },
  });
  if (createImageTask?.__typename !== 'CreateImageTaskPayload') throw new Error(JSON.stringify(createImageTask));
  expect(createImageTask.task.upstreamTaskId).toMatch(/^4-AigcImage-/);

  const states = [];
  for await (const { data } of gateway.watch(followTask, { id: createImageTask.task.id }))
    states.push(data?.taskStatus);
  const revisions = states.map((state) => state?.revision ?? 0);
  expect(revisions).toEqual(revisions.toSorted((one, other) => one - other));
  const last = states.at(-1);
  expect(last?.status).toBe('DONE');

  const picture = await fetch(last?.files[0]?.url ?? '');
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect((await picture.bytes()).subarray(1, 4)).toEqual(new TextEncoder().encode('PNG'));
});
