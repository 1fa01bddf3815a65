/** A fresh copy through JSON, as values cross between a page and native code; functions and undefined are lost. */
export function plainCopy(value: unknown): Record<string, unknown> {
  const text = JSON.stringify(value)
  const copy: unknown = text === undefined ? undefined : JSON.parse(text)
  return isRecord(copy) ? copy : {}
}

/** True for an object that is not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The texts of a list, or the fallback when there is no list. */
export function textList(value: unknown, fallback: readonly string[] = []): string[] {
  return Array.isArray(value) ? value.map(String) : [...fallback]
}

/** A text field, or '' when it is missing. */
export function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}
