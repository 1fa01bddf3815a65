const beaconAddress = /^https:\/\/open\.weixin\.qq\.com\/sdk\/report(\?|$)/
const emptyPicture = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='

/**
 * Catches the SDK's beacon image before it leaves the machine.
 *
 * The image loads from `{sandbox}/sdk/report` instead, or nothing at all without a sandbox.
 *
 * @returns a function that takes the catch away again.
 */
export function catchBeacon(
  target: Window & typeof globalThis,
  sandbox: string | undefined,
  onBeacon: (query: Record<string, string>) => void,
): () => void {
  const image = target.HTMLImageElement.prototype
  const src = Object.getOwnPropertyDescriptor(image, 'src')
  const set = src?.set
  if (src === undefined || set === undefined) return () => undefined
  Object.defineProperty(image, 'src', {
    ...src,
    set(this: HTMLImageElement, value: unknown) {
      const address = String(value)
      if (!beaconAddress.test(address)) {
        set.call(this, value)
        return
      }
      const query = address.slice(address.indexOf('?') + 1)
      onBeacon(Object.fromEntries(new URLSearchParams(query)))
      set.call(
        this,
        sandbox === undefined ? emptyPicture : `${sandbox.replace(/\/+$/, '')}/sdk/report?${query}`,
      )
    },
  })
  return () => Object.defineProperty(image, 'src', src)
}
