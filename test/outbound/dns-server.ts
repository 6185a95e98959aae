import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const ipv4Type = 1;
const questionStart = 12;
const questionTail = 4;

export type DnsServer = AsyncDisposable & { address: string; questions: string[] };

/**
 * A DNS server on this machine with one address for every name it is asked for, unless a name begins with `nobody.` (there
 * is no such name) or `silent.` (no answer). It knows no IPv6.
 */
export async function startDnsServer(ipv4: readonly [number, number, number, number]): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { name, end } = readName(query);
    questions.push(name);
    if (name.startsWith('silent.')) return;
    const isKnown = !name.startsWith('nobody.');
    const type = query.readUInt16BE(end);
    const answers = isKnown && type === ipv4Type ? [answerOf(ipv4)] : [];
    const header = Buffer.from(query.subarray(0, questionStart));
    header.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(answers.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, query.subarray(questionStart, end + questionTail), ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(resolve)),
  };
}

/** The name of the question, and where it ends. */
function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let position = questionStart;
  for (let length = query.readUInt8(position); length > 0; length = query.readUInt8(position)) {
    labels.push(query.toString('latin1', position + 1, position + 1 + length));
    position += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: position + 1 };
}

/** Name by reference, type A, class IN, a minute to live, four bytes. */
function answerOf(ipv4: readonly number[]): Buffer {
  return Buffer.from([0xc0, questionStart, 0, ipv4Type, 0, 1, 0, 0, 0, 60, 0, 4, ...ipv4]);
}
