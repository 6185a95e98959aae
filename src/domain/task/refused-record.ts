/** The database would refuse this record every time: a retry changes nothing. */
export class RefusedRecordError extends Error {
  override readonly name = 'RefusedRecordError';
  readonly sqlState: string | null;

  constructor(sqlState: string | null, options: { cause: unknown }) {
    super('The database refuses a record.', options);
    this.sqlState = sqlState;
  }
}
