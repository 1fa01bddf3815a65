/** What a handler answers: everything is decided before it is handed to the server, which is what makes it cheap. */
export interface Reply {
  readonly status: number
  readonly body: string
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
}

export const JSON_TYPE = 'application/json; charset=utf-8'
export const HTML_TYPE = 'text/html; charset=utf-8'

export function jsonReply(body: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return {
    status: 200,
    body: JSON.stringify(body),
    contentType: JSON_TYPE,
    ...(headers === undefined ? {} : { headers }),
  }
}
