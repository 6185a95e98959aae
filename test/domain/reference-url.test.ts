import { describe, expect, test } from 'vitest';
import { referenceUrlIssue } from '../../src/domain/request/reference-url.ts';

const sandbox = 'http://127.0.0.1:4001';
const codeOf = (url: string) => referenceUrlIssue(url, [sandbox])?.code ?? 'accepted';

test.each([
  'https://example.com/a.png',
  'HTTP://EXAMPLE.COM:8080/a.png?sign=1%2F2&x=@y#top',
  'https://example.com./a.png',
  'https://例子.example/图.png',
  'https://my_bucket-125.cos.ap-guangzhou.myqcloud.com/a.mp4',
  'https://8.8.8.8/a.png',
  'https://134744072/a.png',
  'https://172.15.255.255/',
  'https://172.32.0.1/',
  'https://100.128.0.1/',
  'https://[2606:4700:4700::1111]/a.png',
  'https://[::ffff:8.8.8.8]/a.png',
  'https://localhost.example.com/',
  'https://mylocalhost.com/',
  'https://internal.example.com/',
])('accepts the public URL %s', (url) => {
  expect(codeOf(url)).toBe('accepted');
});

test.each([
  '',
  'a.png',
  '/a.png',
  '//example.com/a.png',
  'example.com/a.png',
  'ftp://example.com/a.png',
  'file:///etc/passwd',
  'data:image/png;base64,AAAA',
  'javascript:alert(1)',
  'http:example.com',
  'http:/example.com',
  'http:///example.com',
  'http:\\\\example.com',
  'https://example.com\\@10.0.0.1/',
  ' https://example.com/a.png',
  'https://example.com/a b.png',
  'https://exa\tmple.com/',
  'https://example.com/\u0001',
  'https://',
  'https://exa mple.com',
  'https://256.1.1.1/',
  'https://1.2.3.4.5/',
  'https://[::1/',
  'https://[fe80::1%25eth0]/',
])('takes %j for no absolute http or https URL', (url) => {
  expect(codeOf(url)).toBe('NOT_A_URL');
});

test.each([
  'https://me@example.com/',
  'https://me:pw@example.com/',
  'https://:pw@example.com/',
  'https://@example.com/',
])('refuses credentials in %s', (url) => {
  expect(codeOf(url)).toBe('NOT_ALLOWED');
});

describe('private addresses', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.0.0.1./',
    'http://127.255.0.9/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://%31%32%37.0.0.1/',
    'http://１２７.0.0.1/',
    'http://127。0。0。1/',
    'http://0/',
    'http://0.0.0.0/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://100.100.100.200/',
    'http://169.254.169.254/latest/meta-data/',
    'http://169.254.0.23/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://192.0.2.1/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
  ])('refuses the IPv4 address in %s', (url) => {
    expect(codeOf(url)).toBe('PRIVATE_ADDRESS');
  });

  test.each([
    ['unspecified', 'http://[::]/'],
    ['loopback', 'http://[::1]/'],
    ['loopback in full', 'http://[0:0:0:0:0:0:0:1]/'],
    ['IPv4-compatible', 'http://[::127.0.0.1]/'],
    ['IPv4-mapped', 'http://[::ffff:127.0.0.1]/'],
    ['IPv4-mapped in hex', 'http://[::ffff:a9fe:a9fe]/'],
    ['IPv4-translated', 'http://[::ffff:0:127.0.0.1]/'],
    ['NAT64', 'http://[64:ff9b::10.0.0.1]/'],
    ['local NAT64', 'http://[64:ff9b:1::10.0.0.1]/'],
    ['6to4', 'http://[2002:7f00:1::]/'],
    ['Teredo', 'http://[2001::1]/'],
    ['unique local', 'http://[fd00:ec2::254]/'],
    ['link-local', 'http://[fe80::1]/'],
    ['site-local', 'http://[fec0::1]/'],
    ['multicast', 'http://[ff02::1]/'],
    ['documentation', 'http://[2001:db8::1]/'],
    ['unassigned', 'http://[4000::1]/'],
  ])('refuses the %s IPv6 address in %s', (_kind, url) => {
    expect(codeOf(url)).toBe('PRIVATE_ADDRESS');
  });

  test.each([
    'http://localhost/',
    'http://LOCALHOST:3000/',
    'http://localhost./',
    'http://ⓛocalhost/',
    'http://a.localhost/',
    'http://printer.local/',
    'http://printer.local./',
    'http://api.internal/',
    'http://nas.lan/',
    'http://router.home.arpa/',
    'http://intranet/',
    'http://./',
    'http://metadata/',
    'http://metadata.google.internal/',
    'http://metadata.tencentyun.com/latest/meta-data/',
    'http://METADATA.tencentyun.com./',
    'http://metadata.goog/',
    'http://metadata.packet.net/',
    'http://kubernetes.default.svc/',
    'http://printer.test/',
    'http://10.0.0.1.nip.io/',
    'http://localtest.me/',
  ])('refuses the name in %s', (url) => {
    expect(codeOf(url)).toBe('PRIVATE_ADDRESS');
  });

  test('exempts the origins it is told to, and no other port, scheme or spelling of credentials', () => {
    expect(codeOf(`${sandbox}/files/1.png`)).toBe('accepted');
    expect(codeOf('http://127.0.0.1:4002/files/1.png')).toBe('PRIVATE_ADDRESS');
    expect(codeOf('https://127.0.0.1:4001/files/1.png')).toBe('PRIVATE_ADDRESS');
    expect(codeOf('http://127.0.0.1:4001@10.0.0.1/')).toBe('NOT_ALLOWED');
    expect(codeOf('http://127.0.0.1:4001.example.com/')).toBe('NOT_A_URL');
    expect(referenceUrlIssue(`${sandbox}/files/1.png`, [])?.code).toBe('PRIVATE_ADDRESS');
  });
});

test('takes 2048 characters and no more', () => {
  const url = (length: number) => 'https://example.com/'.padEnd(length, 'a');
  expect(codeOf(url(2048))).toBe('accepted');
  expect(codeOf(url(2049))).toBe('TOO_LONG');
});

test('never repeats a URL, which may carry a signature', () => {
  for (const url of ['ftp://secret', 'https://secret@example.com', 'http://secret/'])
    expect(referenceUrlIssue(url, [])?.message).not.toContain('secret');
});
