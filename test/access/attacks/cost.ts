import { type Attack, operation, times, wholeTask } from './operation.ts';

const pages = (count: number) =>
  operation(`{ ${times(count, (page) => `page${page}: tasks(first: 100) { nodes { ...WholeTask } }`)} } ${wholeTask}`);
const pageOf = (selection: string) => operation(`{ tasks(first: 100) { nodes { ${selection} } } } ${wholeTask}`);
const lists = (count: number) => operation(`{ ${times(count, (list) => `a${list}: tasks(first: 1) { asOf }`)} }`);
const byUpstreamId = (count: number) =>
  operation(`{ ${times(count, (task) => `a${task}: taskByUpstreamId(upstreamTaskId: "${task}") { __typename }`)} }`);
const adoptions = (count: number) =>
  operation(
    `mutation { ${times(count, (task) => `a${task}: trackTask(input: { upstreamTaskId: "none" }) { __typename }`)} }`,
  );

export const cost: Attack[] = [
  { name: 'pages', refused: 'TOO_COMPLEX complexity', control: pages(1), attack: pages(3) },
  {
    name: 'a page with the retries of each',
    refused: 'TOO_COMPLEX complexity',
    control: pageOf('...WholeTask'),
    attack: pageOf('... on AigcTask { a: retryOf { ...WholeTask } b: retryOf { ...WholeTask } }'),
  },
  { name: 'lists', refused: 'TOO_COMPLEX complexity', control: lists(40), attack: lists(100) },
  { name: 'calls to the vendor', refused: 'TOO_COMPLEX complexity', control: adoptions(1), attack: adoptions(100) },
  {
    name: 'tasks by their upstream id',
    refused: 'TOO_COMPLEX rootFields',
    control: byUpstreamId(100),
    attack: byUpstreamId(300),
  },
];
