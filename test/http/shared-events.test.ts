import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { bearer, createKeyring, type Keyring } from './keyring.ts';
import { type LiveServer, startLiveServer } from './live-server.ts';
import { openSocket } from './socket.ts';

const sweepMs = 4_000;
const crowd = 12;

let clock: ReturnType<typeof createManualClock>;
let keyring: Keyring;
let servers: { compiled: LiveServer; standard: LiveServer };
beforeEach(async () => {
  clock = createManualClock();
  keyring = createKeyring(clock);
  for (const name of ['alice', 'bob']) keyring.issue(name);
  keyring.issue('alice-too', { owner: 'alice' });
  servers = {
    compiled: await startLiveServer('compiled', keyring, clock),
    standard: await startLiveServer('standard', keyring, clock),
  };
});
afterEach(() => Promise.all(Object.values(servers).map((server) => server.close())));

type Socket = Awaited<ReturnType<typeof openSocket>>;

const fields = (selection: string) => `subscription { happening { ${selection} } }`;

/** Sockets of a key that have each subscribed; the id of each operation is its own. */
async function subscribe(server: LiveServer, name: string, query: string, size = crowd, variables = {}) {
  const before = server.subscribers();
  const sockets = await Promise.all(
    Array.from({ length: size }, () => openSocket(server.url, undefined, bearer(name))),
  );
  for (const [number, socket] of sockets.entries())
    socket.say({ type: 'subscribe', id: `${name} ${number}`, payload: { query, variables } });
  await until(() => server.subscribers() === before + size);
  return sockets;
}

const eventsOf = ({ texts }: Socket) => texts.filter((text) => text.includes('"type":"next"'));
const toldAll = (sockets: readonly Socket[], count: number) =>
  until(() => sockets.every((socket) => eventsOf(socket).length === count));

/** What is told of three happenings, word for word, to each subscriber of two owners. */
async function heardFrom(server: LiveServer, query: string): Promise<string[][]> {
  const sockets = [...(await subscribe(server, 'alice', query)), ...(await subscribe(server, 'bob', query))];
  for (let number = 1; number <= 3; number += 1) {
    server.happens({ number, text: `"Ä"\n🎨 ${number}` });
    await toldAll(sockets, number);
  }
  for (const socket of sockets) socket.terminate();
  await until(() => server.subscribers() === 0);
  return sockets.map((socket) => socket.texts);
}

describe('an event that reaches many is told to each in the same words as if it were executed for each', () => {
  test.each([
    'number text',
    'again: text(upTo: 3) number __typename',
    'number late',
    'number now text',
    'owner text',
    'number broken text',
    'brokenForAll',
  ])('%s', async (selection) => {
    const [compiled, standard] = [
      await heardFrom(servers.compiled, fields(selection)),
      await heardFrom(servers.standard, fields(selection)),
    ];
    expect(compiled).toEqual(standard);
  });

  test('as server-sent events too', async () => {
    const [compiled, standard] = await Promise.all(Object.values(servers).map((server) => readStream(server)));
    expect(compiled).toEqual(standard);
  });
});

describe('it is executed', () => {
  test('once for those of one key that ask for the same; with the standard executor for each', async () => {
    for (const server of Object.values(servers)) await heardFrom(server, fields('text'));
    expect(servers.compiled.resolved['text']).toBe(2 * 3);
    expect(servers.standard.resolved['text']).toBe(2 * crowd * 3);
  });

  test('for each where a field does not say that it depends on the event alone', async () => {
    await heardFrom(servers.compiled, fields('owner text'));
    expect(servers.compiled.resolved).toEqual({ owner: 2 * crowd * 3, text: 2 * crowd * 3 });
  });

  test('for each where a field answers later', async () => {
    await heardFrom(servers.compiled, fields('late'));
    expect(servers.compiled.resolved['late']).toBe(2 * crowd * 3);
  });

  test('once in a millisecond where a field depends on the clock', async () => {
    await heardFrom(servers.compiled, fields('now'));
    expect(servers.compiled.resolved['now']).toBe(2 * 3);
    const sockets = await subscribe(servers.compiled, 'alice', fields('now'), 2);
    const happening = { number: 9, text: '' };
    servers.compiled.happens(happening);
    await toldAll(sockets, 1);
    await clock.advance(1);
    servers.compiled.happens(happening);
    await toldAll(sockets, 2);
    const told = sockets.map((socket) => eventsOf(socket).map((text) => /"now":"(\d+)"/.exec(text)?.[1]));
    expect(told[0]).toEqual([String(clock.now() - 1), String(clock.now())]);
    expect(told[1]).toEqual(told[0]);
  });

  test('for each value of the variables, and for each other key', async () => {
    const server = servers.compiled;
    const query = 'subscription ($upTo: Int) { happening { text(upTo: $upTo) } }';
    const [one, two, other, unbounded] = [
      await subscribe(server, 'alice', query, 3, { upTo: 1 }),
      await subscribe(server, 'alice', query, 3, { upTo: 2 }),
      await subscribe(server, 'alice-too', query, 3, { upTo: 1 }),
      await subscribe(server, 'alice', query, 3),
    ];
    server.happens({ number: 1, text: 'abc' });
    await toldAll([...one, ...two, ...other, ...unbounded], 1);
    expect(server.resolved['text']).toBe(4);
    const texts = [one, two, other, unbounded].map((sockets) =>
      sockets.map((socket) => /"text":"(\w+)"/.exec(eventsOf(socket)[0] ?? '')?.[1]),
    );
    expect(texts).toEqual([
      ['a', 'a', 'a'],
      ['ab', 'ab', 'ab'],
      ['a', 'a', 'a'],
      ['abc', 'abc', 'abc'],
    ]);
  });
});

test('nothing of one owner’s reaches another, also where they subscribe in the same words', async () => {
  const server = servers.compiled;
  const [alices, bobs] = [
    await subscribe(server, 'alice', fields('owner number')),
    await subscribe(server, 'bob', fields('owner number')),
  ];
  server.happens({ number: 1, text: '' });
  await toldAll([...alices, ...bobs], 1);
  expect(alices.every((socket) => eventsOf(socket)[0]?.includes('"owner":"alice"'))).toBe(true);
  expect(bobs.every((socket) => eventsOf(socket)[0]?.includes('"owner":"bob"'))).toBe(true);
});

test('a crowd is told of every event, once and in order, and so is a reader that stopped for a while', async () => {
  const server = servers.compiled;
  const sockets = await subscribe(server, 'alice', fields('number text'), 60);
  const [slow] = sockets;
  slow?.pause();
  const text = 'x'.repeat(20_000);
  for (let number = 1; number <= 40; number += 1) {
    server.happens({ number, text: `${text}${number}` });
    if (number % 5 === 0) await toldAll(sockets.slice(1), number);
  }
  slow?.resume();
  await toldAll(sockets, 40);
  for (const [index, socket] of sockets.entries()) {
    const expected = Array.from({ length: 40 }, (_, at) =>
      JSON.stringify({
        id: `alice ${index}`,
        type: 'next',
        payload: { data: { happening: { number: at + 1, text: `${text}${at + 1}` } } },
      }),
    );
    expect(eventsOf(socket)).toEqual(expected);
  }
});

test('a key that is revoked between two events hears of the first one only, and others of both', async () => {
  const server = servers.compiled;
  const [revoked, others] = [
    await subscribe(server, 'alice', fields('text')),
    await subscribe(server, 'alice-too', fields('text')),
  ];
  server.happens({ number: 1, text: 'first' });
  await toldAll([...revoked, ...others], 1);
  keyring.revoke('alice');
  await clock.advance(sweepMs);
  expect(await Promise.all(revoked.map(({ closed }) => closed))).toEqual(revoked.map(() => 4403));
  server.happens({ number: 2, text: 'second' });
  await toldAll(others, 2);
  expect(revoked.flatMap(eventsOf).some((text) => text.includes('second'))).toBe(false);
});

async function readStream(server: LiveServer): Promise<string> {
  const leaving = new AbortController();
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer('alice') },
    body: JSON.stringify({ query: fields('number text now owner broken') }),
    signal: leaving.signal,
  });
  await until(() => server.subscribers() === 1);
  server.happens({ number: 1, text: 'told' });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('"number":1')) break;
  }
  leaving.abort();
  return text.replaceAll(':\n\n', '');
}
