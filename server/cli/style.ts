/** Puts colours around texts, where they are wanted. */
export interface Style {
  readonly bold: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly red: (text: string) => string
  readonly dim: (text: string) => string
}

/** Colours for a terminal; plain text for files and pipes, with `NO_COLOR` and on `TERM=dumb`. */
export function createStyle(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  const wanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  const code = (open: number, close: number) => (text: string) =>
    wanted ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    bold: code(1, 22),
    green: code(32, 39),
    yellow: code(33, 39),
    red: code(31, 39),
    dim: code(2, 22),
  }
}
