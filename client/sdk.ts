import type { invokeApi } from './call.ts'
import { asWeixinError } from './errors.ts'
import type { Page } from './page.ts'
import type { Timeouts, WeixinOptions, WeixinSdk } from './types.ts'
import { within } from './within.ts'

export const importSdk = (): Promise<unknown> => import('weixin-js-sdk')

const pick = (...found: unknown[]) =>
  found.find((thing) => thing && typeof (thing as Partial<WeixinSdk>).config === 'function') as
    | WeixinSdk
    | undefined

/** Loads a part of the code that pages need late or never. */
export async function load<T>(what: string, from: () => Promise<T>, { serviceMs }: Timeouts): Promise<T> {
  try {
    return await within<T>(serviceMs, what, (resolve) => resolve(from()))
  } catch (error) {
    throw asWeixinError(error, 'sdk_unavailable', what)
  }
}

/** Loads what calls an API and reads its answer: as late as the SDK itself, and beside it. */
export const loadInvoke = async (timeouts: Timeouts): Promise<typeof invokeApi> =>
  (await load('sdk', () => import('./call.ts'), timeouts)).invokeApi

/** The SDK that is on the page already, or the one from npm; bundlers wrap CommonJS in a default. */
export async function loadSdk(
  { window, importSdk }: Page,
  sdk: WeixinOptions['sdk'],
  timeouts: Timeouts,
): Promise<WeixinSdk> {
  const { jWeixin, wx } = window || {}
  const present = !sdk && pick(jWeixin, wx)
  if (present) return present
  const from = async () => {
    const loaded = (await (sdk || importSdk)()) as { default?: unknown }
    const found = pick(loaded.default, loaded)
    if (found) return found
    throw 'it has no config()'
  }
  return load('sdk', from, timeouts)
}
