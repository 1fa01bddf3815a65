/** Counts something that has been looked up once; see `Tally` for where the numbers go. */
export interface Count {
  add(): void
}
