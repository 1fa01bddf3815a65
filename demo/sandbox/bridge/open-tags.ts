import type { NativeContext } from './native/api.ts'
import { openTagNames } from './native-names.ts'
import type { OpenTagQuestion } from './ui-questions.ts'

/** What tells the page that a tap worked; tags without one are shown and nothing more. */
const events: Readonly<Record<string, string>> = {
  'wx-open-launch-weapp': 'launch',
  'wx-open-launch-app': 'launch',
  'wx-open-subscribe': 'success',
}

/** What a tag cannot do without. */
const required: Readonly<Record<string, readonly string[]>> = {
  'wx-open-launch-weapp': ['appid', 'username'],
  'wx-open-launch-app': ['appid'],
  'wx-open-subscribe': ['template'],
}

/** The open tags of one document. */
export interface OpenTags {
  /** From now on these tags are shown and can be tapped; all others stay inert. */
  allow(names: readonly string[]): void
  /** Tells the page that these tags cannot be used, with `WeixinOpenTagsError`. */
  refuse(names: readonly string[], why: string): void
  release(): void
}

/**
 * Shows the open tags of a page, with what their `<template>` or `<script type="text/wxtag-template">` holds.
 *
 * A tap asks the person; the page hears `launch` (`success` of a subscription), or `error` with `detail.errMsg`.
 */
export function createOpenTags(
  target: Window & typeof globalThis,
  ask: (question: OpenTagQuestion) => Promise<'launch' | 'cancel' | 'error'>,
): OpenTags {
  const { document } = target
  const shown = new WeakSet<Element>()
  let allowed: readonly string[] = []

  const tell = (element: Element, event: string, errMsg: string | undefined): void => {
    const detail = errMsg === undefined ? {} : { errMsg }
    element.dispatchEvent(new target.CustomEvent(event, { detail }))
  }
  const tap = async (element: Element): Promise<void> => {
    const name = element.tagName.toLowerCase()
    const event = events[name]
    if (event === undefined || !allowed.includes(name)) return
    const wanted = required[name] ?? []
    if (wanted.length > 0 && !wanted.some((attribute) => (element.getAttribute(attribute) ?? '') !== '')) {
      tell(element, 'error', `${event}:fail`)
      return
    }
    const attributes = Object.fromEntries(
      Array.from(element.attributes, ({ name: key, value }) => [key, value]),
    )
    const end = await ask({ name, attributes })
    if (end === 'launch') tell(element, event, undefined)
    else tell(element, 'error', `${event}:${end === 'cancel' ? 'cancel' : 'fail'}`)
  }
  const show = (element: Element): void => {
    if (shown.has(element) || element.shadowRoot !== null) return
    shown.add(element)
    const root = element.attachShadow({ mode: 'open' })
    root.innerHTML = `<style>:host{display:inline-block}</style>${contentOf(element)}`
    element.addEventListener('click', () => void tap(element))
  }
  const look = (): void => {
    if (allowed.length === 0) return
    for (const element of document.querySelectorAll(allowed.join(','))) show(element)
  }
  const observer = new target.MutationObserver(look)

  return {
    allow(names) {
      allowed = names
      if (names.length > 0) observer.observe(document, { childList: true, subtree: true })
      look()
    },
    refuse(names, why) {
      const errMsg = names.map((name) => `${name}:${why}`).join('; ')
      document.dispatchEvent(new target.CustomEvent('WeixinOpenTagsError', { detail: { errMsg } }))
    },
    release: () => observer.disconnect(),
  }
}

function contentOf(element: Element): string {
  const holder = element.querySelector('template, script[type="text/wxtag-template"]')
  if (holder === null) return ''
  return holder.tagName === 'TEMPLATE' ? holder.innerHTML : (holder.textContent ?? '')
}

/** Shows the tags of an accepted configuration; the developer tools show none. */
export async function showOpenTags(
  openTags: OpenTags,
  names: readonly string[],
  { profile, ui }: NativeContext,
): Promise<void> {
  const known = names.filter((name) => openTagNames.includes(name))
  const denials = await Promise.all(known.map((name) => ui.denies(name)))
  const denied = known.filter((_name, at) => denials[at] === true)
  const unknown = names.filter((name) => !known.includes(name))
  openTags.allow(profile === 'devtools' ? [] : known.filter((name) => !denied.includes(name)))
  if (denied.length > 0) openTags.refuse(denied, 'permission denied')
  if (unknown.length > 0) openTags.refuse(unknown, 'function not exist')
}
