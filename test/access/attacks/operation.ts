import { everything } from '../../schema/everything.ts';

export type Attack = {
  name: string;
  /** The code of the refusal, and what its `limit` says where it has one. */
  refused: string;
  /** Just inside the bound: answered. As the JSON that is sent. */
  control: string;
  attack: string;
};

export function operation(query: string, variables?: object, operationName?: string): string {
  return JSON.stringify({ query, variables, operationName });
}

export function times(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join(' ');
}

/** Brackets in brackets, as text: JSON.stringify() has a stack to run out of. */
export function nest(levels: number, open: string, inner: string, close: string): string {
  return open.repeat(levels) + inner + close.repeat(levels);
}

export const typenames = (count: number) => times(count, (index) => `a${index}: __typename`);

export const taskWith = (selection: string) => `{ task(id: "1") { ${selection} } }`;

export const retries = (levels: number) => nest(levels, '... on AigcTask { retryOf { ', '__typename', ' } }');

export const wholeTask = everything.slice(everything.indexOf('fragment WholeTask'));

/** Records nothing: it has no prompt. */
export function createWith(additionalParameters: string, definition = ''): string {
  return `mutation ${definition} { createImageTask(input: { additionalParameters: ${additionalParameters} }) { __typename } }`;
}

export function createOf(input: string): string {
  const query = 'mutation ($input: CreateImageTaskInput!) { createImageTask(input: $input) { __typename } }';
  return `{"query":"${query}","variables":{"input":${input}}}`;
}

export function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}
