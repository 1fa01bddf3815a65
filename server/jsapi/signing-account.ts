/** What signing pages needs to know of an account. */
export interface SigningAccount {
  readonly appId: string
  /** Origins as `URL.origin` writes them. */
  readonly pageOrigins: ReadonlySet<string>
}
