import { z } from 'zod'
import { rule } from './rule-text.ts'

/** A text that passes a check; the check returns the packed rule that is broken, or `undefined`. */
export function text(
  expects: string,
  check: (value: string) => string | undefined,
  remedy = '',
): z.ZodType<string> {
  return z.string({ error: rule(expects, remedy) }).superRefine((value, context) => {
    const message = check(value)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
}

/** A text without control characters that is not empty. */
export function plainText(expects: string, longest = 200): z.ZodType<string> {
  return text(expects, (value) =>
    value.trim() === '' || value.length > longest || /\p{Cc}/u.test(value)
      ? rule(expects, `write 1 to ${longest} characters without control characters`)
      : undefined,
  )
}

/** A whole number within limits. */
export function wholeNumber(min: number, max: number, example: number): z.ZodType<number> {
  const limits = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  const message = rule(`must be a whole number ${limits}`, `write for example ${example}, without quotes`)
  return z.custom<number>(
    (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max,
    { error: message },
  )
}

/** Seconds, also parts of one. */
export function seconds(max: number, example: number): z.ZodType<number> {
  const message = rule(
    `must be a number of seconds from 0 to ${max}`,
    `write for example ${example}, without quotes`,
  )
  return z.custom<number>((value) => typeof value === 'number' && value >= 0 && value <= max, {
    error: message,
  })
}

/** A list; `[]` where the key is absent. */
export function list<T>(item: z.ZodType<T>, example: string): z.ZodPrefault<z.ZodType<T[]>> {
  const items: z.ZodType<T[]> = z.array(item, {
    error: rule('must be a list', `write for example ${example}`),
  })
  return items.prefault([])
}
