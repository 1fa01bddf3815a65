import type { PageState } from './phone-protocol.ts'

interface FrameNavigation {
  readonly canGoBack: boolean
  back(): unknown
}

/** The document's title, address and history as the phone shows them. */
export interface PageWatch {
  state(): PageState
  /** One step back in this frame, never in the phone around it. */
  back(): void
}

/** Watches title and address of a document, pushState and replaceState included. */
export function watchPage(
  target: Window & typeof globalThis & { navigation?: FrameNavigation },
  landingUrl: string,
  onChange: () => void,
): PageWatch {
  const { document, history, location } = target
  let steps = 0
  const wrap = (name: 'pushState' | 'replaceState'): void => {
    const original = history[name]
    history[name] = (...args) => {
      original.apply(history, args)
      if (name === 'pushState') steps += 1
      onChange()
    }
  }
  wrap('pushState')
  wrap('replaceState')
  target.addEventListener('popstate', () => {
    steps = Math.max(0, steps - 1)
    onChange()
  })
  target.addEventListener('hashchange', onChange)
  target.addEventListener('pageshow', onChange)
  document.addEventListener('DOMContentLoaded', () => {
    onChange()
    let title = document.title
    const observer = new target.MutationObserver(() => {
      if (document.title === title) return
      title = document.title
      onChange()
    })
    observer.observe(document.head, { subtree: true, childList: true, characterData: true })
  })
  return {
    state: () => ({
      title: document.title,
      url: location.href,
      landingUrl,
      canGoBack: target.navigation?.canGoBack ?? steps > 0,
    }),
    back() {
      if (target.navigation?.canGoBack === true) target.navigation.back()
      else if (target.navigation === undefined && steps > 0) history.back()
    },
  }
}
