/** What was measured, once a round, beside what it is compared with in the same rounds. */
export type Row = {
  what: string;
  unit: string;
  samples: readonly number[];
  beside: { what: string; samples: readonly number[] };
};

export type Benchmark = {
  name: string;
  description: string;
  /** Too long for a run of all. */
  byNameOnly?: boolean;
  run(): Promise<Row[]>;
};
