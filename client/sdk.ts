import { asWeixinError } from './errors.ts'
import type { Page } from './page.ts'
import type { Timeouts, WeixinOptions, WeixinSdk } from './types.ts'
import { within } from './within.ts'

export const importSdk = (): Promise<unknown> => import('weixin-js-sdk')

const pick = (...found: unknown[]) =>
  found.find((thing) => thing && typeof (thing as Partial<WeixinSdk>).config === 'function') as
    | WeixinSdk
    | undefined

/** The SDK that is on the page already, or the one from npm; bundlers wrap CommonJS in a default. */
export async function loadSdk(
  { window, importSdk }: Page,
  sdk: WeixinOptions['sdk'],
  { serviceMs }: Timeouts,
): Promise<WeixinSdk> {
  const { jWeixin, wx } = window || {}
  const present = !sdk && pick(jWeixin, wx)
  if (present) return present
  try {
    const loaded = await within<unknown>(serviceMs, 'sdk', (resolve) => resolve((sdk || importSdk)()))
    const found = pick((loaded as { default?: unknown }).default, loaded)
    if (found) return found
    throw 'it has no config()'
  } catch (error) {
    throw asWeixinError(error, 'sdk_unavailable', 'sdk')
  }
}
