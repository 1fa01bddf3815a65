/**
 * The text of a broken rule, in parts: the given value is put between `expects` and `remedy`, and `suggestion`
 * (made from that value) is shown only where the value itself may be shown.
 */
export interface RuleText {
  readonly expects: string
  readonly remedy: string
  readonly suggestion: string
}

const SEPARATOR = '\n'

/** Packs the parts into the one string that zod carries as an issue's message. */
export function rule(expects: string, remedy = '', suggestion = ''): string {
  return [expects, remedy, suggestion].join(SEPARATOR)
}

/** Unpacks what `rule` packed. */
export function readRule(message: string): RuleText {
  const [expects = '', remedy = '', suggestion = ''] = message.split(SEPARATOR)
  return { expects, remedy, suggestion }
}
