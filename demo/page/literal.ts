const width = 40

/**
 * A value as one would type it, on several lines where one is too long for a phone.
 *
 * `taken` is what already stands on the first line.
 */
export function literal(value: unknown, indent = '', taken = 0): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&')}'`
  if (typeof value !== 'object' || value === null) return String(value)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }']
  const parts = (inner: string): string[] =>
    Object.entries(value).map(
      ([name, part]) =>
        `${Array.isArray(value) ? '' : `${name}: `}${literal(part, inner, inner.length + name.length)}`,
    )
  const line = `${open}${parts(indent).join(', ')}${close}`
  if (taken + line.length <= width && !line.includes('\n')) return line
  const inner = `${indent}  `
  return `${open.trim()}\n${parts(inner)
    .map((part) => `${inner}${part},\n`)
    .join('')}${indent}${close.trim()}`
}
