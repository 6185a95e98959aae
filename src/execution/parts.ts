import { hear } from './hear.ts';

/** JSON text, or null for what has no value. */
export type Text = string | null;
export type TextOrPromise = Text | Promise<Text>;

/** A text in the making, of which some parts come later. */
export class Parts {
  #text = '';
  #before: string[] | null = null;
  readonly #promises: Promise<Text>[] = [];

  add(before: string, part: TextOrPromise): void {
    if (typeof part === 'string') this.#text += before + part;
    else if (part === null) this.#text += `${before}null`;
    else {
      (this.#before ??= []).push(this.#text + before);
      this.#promises.push(part);
      this.#text = '';
    }
  }

  /** For when the text is given up. */
  abandon(): void {
    hear(this.#promises);
  }

  /** The whole, as soon as all is there. Rejects when the first part does. */
  end(closing: string): string | Promise<string> {
    return this.#before ? this.#join(this.#before, this.#text + closing) : this.#text + closing;
  }

  /** Promise.all and a `then` would settle a microtask later than graphql's own lists do. */
  #join(texts: string[], rest: string): Promise<string> {
    const { promise: joined, resolve, reject } = Promise.withResolvers<string>();
    let missing = texts.length;
    this.#promises.forEach((promise, index) => {
      promise.then((text) => {
        texts[index] += text ?? 'null';
        missing -= 1;
        // Added up, not joined: JavaScript puts the whole together once, at the end, not anew at each level.
        if (missing === 0) resolve(texts.reduce((whole, part) => whole + part, '') + rest);
      }, reject);
    });
    return joined;
  }
}
