import { expect, test } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { callAs, namedCallers } from './named-callers.ts';

const listedOften = `{ ${Array.from({ length: 45 }, (_none, field) => `a${field}: tasks(first: 1) { asOf }`).join(' ')} }`;

test('one caller’s flood of large queries makes nobody else wait for them', async () => {
  await using gateway = await startTestGateway({}, { authentication: namedCallers });
  await using mallory = callAs('mallory', gateway.url);
  await using ada = callAs('ada', gateway.url);
  await ada.ask('{ tasks(first: 1) { asOf } }');
  let answered = 0;
  const flood = Array.from({ length: 60 }, () => mallory.ask(listedOften).then(() => (answered += 1)));
  await expect.poll(() => answered).toBeGreaterThan(0);
  const before = answered;
  expect(await ada.ask('{ tasks(first: 1) { asOf } }')).toMatch(/^200 /);
  // A handful were about to be answered anyway.
  expect(answered - before).toBeLessThan(20);
  await Promise.all(flood);
});
