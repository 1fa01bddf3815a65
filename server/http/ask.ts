/**
 * What the rules of a route need of a request.
 *
 * Hono's `Context` is one as it stands; the direct door makes the same from `node:http`, so that a rule is written
 * once and cannot tell the doors apart.
 */
export interface Ask {
  /** What the server knows besides the request: `{ incoming }` on a socket, nothing in `app.request`. */
  readonly env: unknown
  readonly req: {
    readonly method: string
    /** By lower-case name; values of a repeated header are joined with `, `. */
    header(name: string): string | undefined
    /** The body again, where something in front of us has read it. */
    text?(): Promise<string>
    readonly raw: { readonly body: ReadableStream<Uint8Array> | null; readonly bodyUsed: boolean }
  }
}
