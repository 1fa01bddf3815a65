import type { ShareReport } from '../../client/index.ts'
import { cardFrame } from './card-frame.ts'
import { chatPreview } from './chat-preview.ts'
import { el } from './dom.ts'
import { failureBox } from './failure-box.ts'
import { literal } from './literal.ts'
import type { Card, Page } from './page.ts'
import { shareImage } from './share-image.ts'
import { shareReport } from './share-report.ts'
import { textField } from './text-field.ts'

type Outcome = { report: ShareReport } | { error: unknown }

/** What friends see when this page is forwarded. */
export function shareCard(page: Page): Card {
  const preview = chatPreview()
  let outcome: Outcome | undefined
  let suggested: { title: string; desc: string } | undefined

  const edited = (): void => {
    outcome = undefined
    render()
  }
  const fields = {
    title: textField('title', 'text', edited),
    desc: textField('desc', 'text', edited),
    link: textField('link', 'address', edited),
    imgUrl: textField('imgUrl', 'address', edited),
  }
  // The fragment is not part of a share: WeChat compares the link with the bound domain only.
  fields.link.value = location.href.replace(/#.*$/, '')
  fields.imgUrl.value = shareImage

  const content = () => ({
    title: fields.title.value,
    desc: fields.desc.value,
    link: fields.link.value,
    imgUrl: fields.imgUrl.value,
  })

  const set = async (): Promise<void> => {
    const given = content()
    try {
      outcome = { report: await page.log.record('share', given, () => page.connection.weixin.share(given)) }
    } catch (error) {
      outcome = { error }
    }
    page.announce(page.language.texts.share.announced['error' in outcome ? 'failed' : 'ok'])
    render()
    result.scrollIntoView({ block: 'nearest' })
  }

  const button = el('button', { class: 'button button-wide', type: 'submit' })
  const result = el('div')
  const form = el(
    'form',
    {
      class: 'stack',
      on: {
        submit: (event) => {
          event.preventDefault()
          void set()
        },
      },
    },
    ...Object.values(fields).map((field) => field.element),
    button,
  )
  const frame = cardFrame(page, 'share', preview.element, form, result)

  // Both addresses may be relative to the page, and the link is the page itself unless another one is given.
  const code = (): string => {
    const { title, desc } = content()
    return `await weixin.share(${literal({ title, desc, imgUrl: './share.png' }, '', 19)})`
  }

  const host = (): string => {
    try {
      return new URL(fields.link.value).host
    } catch {
      return fields.link.value
    }
  }

  const render = (): void => {
    const words = page.language.texts.share
    // Texts nobody has touched follow the language; what somebody typed stays.
    for (const name of ['title', 'desc'] as const) {
      if (suggested === undefined || fields[name].value === suggested[name])
        fields[name].value = words.suggested[name]
      fields[name].label = words.fields[name]
    }
    suggested = words.suggested
    fields.link.label = words.fields.link
    fields.imgUrl.label = words.fields.imgUrl
    button.textContent = words.set
    preview.show(content(), host())
    frame.render(words, code())
    if (outcome === undefined) result.replaceChildren()
    else if ('report' in outcome) result.replaceChildren(shareReport(outcome.report, words))
    else result.replaceChildren(failureBox(outcome.error, page.language.texts, page.language.current))
    result.hidden = outcome === undefined
  }
  return { element: frame.element, render }
}
