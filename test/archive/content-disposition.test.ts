import { expect, it } from 'vitest';
import { contentDisposition } from '../../src/archive/content-disposition.ts';

it.each([
  ['fox.png', 'filename="fox.png"'],
  ['a fox, (red); 1=2.png', 'filename="a fox, (red); 1=2.png"'],
  ['Füchse.png', `filename="F_chse.png"; filename*=UTF-8''F%C3%BCchse.png`],
  ['狐狸 🦊.mp4', `filename="__ _.mp4"; filename*=UTF-8''%E7%8B%90%E7%8B%B8%20%F0%9F%A6%8A.mp4`],
  ['100%.png', `filename="100_.png"; filename*=UTF-8''100%25.png`],
  [`"; x="'(*).png`, `filename="_; x=_'(*).png"; filename*=UTF-8''%22%3B%20x%3D%22%27%28%2A%29.png`],
  ['a\r\nSet-Cookie: b', `filename="a__Set-Cookie: b"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b`],
  ['\\\ud800.png', `filename="__.png"; filename*=UTF-8''%5C%EF%BF%BD.png`],
])('calls a file by its name, whatever is in it: %j', (fileName, parameters) => {
  expect(contentDisposition(fileName, false)).toBe(`inline; ${parameters}`);
  expect(contentDisposition(fileName, true)).toBe(`attachment; ${parameters}`);
});
