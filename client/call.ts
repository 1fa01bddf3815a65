import { type Answer, errMsgOf, isOk, refusal } from './answer.ts'
import { isQuick } from './api-names.ts'
import { WeixinError } from './errors.ts'
import { tidy } from './results.ts'
import type { Timeouts, WeixinSdk } from './types.ts'
import { within } from './within.ts'

type Params = Record<string, unknown>
type Sdk = Record<string, Record<string, unknown> | undefined>
type Listener = (event: Answer) => void

// The SDK stores its own reading of the answer as `_complete` on what it is given, and that reading throws inside
// the native callback when the answer is not the JSON it expects: the promise would then never settle.
function tolerateUnexpectedAnswers(params: Params): Params {
  let read: (answer: Answer) => unknown
  return Object.defineProperty(params, '_complete', {
    configurable: true,
    get: () => (answer: Answer) => {
      try {
        return read(answer)
      } catch {
        return
      }
    },
    set: (reading) => {
      read = reading
    },
  })
}

/** Calls one API of a configured SDK and waits for its answer, or puts a listener in place. */
export async function invokeApi(
  sdk: WeixinSdk,
  name: string,
  params: Params,
  listener: Listener,
  { callMs, interactiveMs }: Timeouts,
): Promise<Answer> {
  const [own = '', group] = name.split('.').reverse()
  // The SDK keeps calls of this one in a queue that needs a global `wx`, which the npm package does not make.
  const isQueued = own === 'getLocalImgData'
  const owner = ((group ? (sdk as unknown as Sdk)[group] : sdk) || {}) as Params
  const api = owner[isQueued ? 'invoke' : own] as ((...args: unknown[]) => void) | undefined
  if (typeof api !== 'function') throw new WeixinError('not_supported', name, 'the SDK does not have it')
  const ask = api.bind(owner)
  if (/^on[A-Z]/.test(own)) {
    ask({
      ...params,
      trigger: () => listener({ errMsg: `${name}:trigger` }),
      complete: listener,
    })
    return { errMsg: `${name}:ok` }
  }
  const answer = await within<Answer>(isQuick(own) ? callMs : interactiveMs, name, (resolve) =>
    isQueued ? ask(own, params, resolve) : ask(tolerateUnexpectedAnswers({ ...params, complete: resolve })),
  )
  const errMsg = errMsgOf(name, answer)
  if (!isOk(errMsg)) throw refusal(name, errMsg)
  return tidy(name, { ...answer, errMsg })
}
