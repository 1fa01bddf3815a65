import { isWeixinError, type WeixinError } from '../../client/index.ts'
import { el, icon } from './dom.ts'
import type { Language } from './language.ts'
import type { ProblemCode, Texts } from './texts.ts'

// A failure in plain words. `code` is stable, so the page can have words of its own for what happened and why;
// the hint comes with the error and says what to do.

export type Part = readonly [label: string | undefined, text: string]

export function plainBox(
  kind: 'failed' | 'ready' | 'outside',
  title: string,
  parts: readonly Part[],
  facts: readonly string[] = [],
): HTMLElement {
  return el(
    'div',
    { class: `box box-${kind}` },
    el('h3', { class: 'box-title' }, icon(kind === 'ready' ? 'check' : 'alert'), el('span', {}, title)),
    ...parts.map(([label, text]) =>
      el(
        'div',
        { class: 'box-part' },
        label === undefined ? undefined : el('p', { class: 'box-label' }, label),
        el('p', { class: 'box-text' }, text),
      ),
    ),
    facts.length === 0
      ? undefined
      : el('div', { class: 'box-facts' }, ...facts.map((fact) => el('span', {}, fact))),
  )
}

const factsOf = ({ code, errMsg, step, problem }: WeixinError): string[] =>
  Object.entries({ code, errMsg, step, service: problem?.code, requestId: problem?.requestId }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]),
  )

/** When the service explains itself, its words are nearer to the cause than the client's. */
function wordsFor(error: WeixinError, words: Texts, language: Language) {
  const { codes, problems } = words.failure
  const problem = error.problem?.code
  if (problem !== undefined && Object.hasOwn(problems, problem)) return problems[problem as ProblemCode]
  return { ...codes[error.code], fix: language === 'zh' ? error.hintZh : error.hint }
}

export function failureBox(error: unknown, words: Texts, language: Language): HTMLElement {
  const { labels, unexpected } = words.failure
  if (!isWeixinError(error)) {
    return plainBox('failed', unexpected.what, [[labels.why, unexpected.why]], [String(error)])
  }
  const { what, why, fix } = wordsFor(error, words, language)
  const mild = error.code === 'not_in_wechat' || error.code === 'cancelled'
  const parts: Part[] = [[labels.why, why]]
  if (error.code !== 'cancelled') parts.push([labels.fix, fix])
  return plainBox(mild ? 'outside' : 'failed', what, parts, factsOf(error))
}
