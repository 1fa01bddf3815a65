import { el, icon } from './dom.ts'
import type { Page } from './page.ts'

// "What you are seeing": the few lines of TypeScript behind a card, to read and to copy.

const words =
  /(?<comment>\/\/.*)|(?<string>'[^']*'|`[^`]*`)|(?<keyword>\b(?:import|from|const|await|try|catch|if|return|new)\b)|(?<name>\b[a-zA-Z]+(?=\())/g

function coloured(source: string): (Node | string)[] {
  const parts: (Node | string)[] = []
  let at = 0
  for (const match of source.matchAll(words)) {
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? 'name'
    parts.push(source.slice(at, match.index), el('span', { class: `code-${kind}` }, match[0]))
    at = match.index + match[0].length
  }
  return [...parts, source.slice(at)]
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // No clipboard in an insecure or embedded page, nor in older WeChat: the old way needs a selected field.
    const field = el('textarea', { class: 'visually-hidden', readonly: true })
    field.value = text
    document.body.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
}

export interface Snippet {
  readonly element: HTMLElement
  render(source: string): void
}

export function createSnippet(page: Page): Snippet {
  const label = el('span')
  const code = el('code')
  const copyLabel = el('span')
  let source = ''
  let copiedTimer = 0

  const copyNow = async (): Promise<void> => {
    await copy(source)
    copyLabel.textContent = page.language.texts.snippet.copied
    page.announce(page.language.texts.snippet.copied)
    clearTimeout(copiedTimer)
    copiedTimer = window.setTimeout(() => {
      copyLabel.textContent = page.language.texts.snippet.copy
    }, 2000)
  }

  const element = el(
    'details',
    { class: 'snippet' },
    el(
      'summary',
      { class: 'snippet-summary' },
      icon('code'),
      label,
      el('span', { class: 'snippet-chevron' }, icon('chevron')),
    ),
    el(
      'div',
      { class: 'code' },
      el('pre', { class: 'code-text', tabindex: 0 }, code),
      el(
        'button',
        { class: 'code-copy', type: 'button', on: { click: () => void copyNow() } },
        icon('copy'),
        copyLabel,
      ),
    ),
  )
  return {
    element,
    render(text) {
      label.textContent = page.language.texts.snippet.title
      copyLabel.textContent = page.language.texts.snippet.copy
      if (text === source) return
      source = text
      code.replaceChildren(...coloured(text))
    },
  }
}
