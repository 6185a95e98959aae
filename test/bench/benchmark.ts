/** What was measured, once a round, beside what it is compared with in the same rounds. */
export type Row = {
  what: string;
  unit: string;
  samples: readonly number[];
  beside: { what: string; samples: readonly number[] };
};

export type Benchmark = { name: string; description: string; run(): Promise<Row[]> };
