/** RFC 6266: plain ASCII for every client, and the full name (RFC 8187) for those that read it. */
export function contentDisposition(fileName: string, asAttachment: boolean): string {
  const disposition = asAttachment ? 'attachment' : 'inline';
  const plain = fileName.replaceAll(/[^\x20-\x7e]|["\\%]/gu, '_');
  const header = `${disposition}; filename="${plain}"`;
  return plain === fileName ? header : `${header}; filename*=UTF-8''${encode(fileName.toWellFormed())}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
