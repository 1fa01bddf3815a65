import type { BridgeProfile, VerifyAnswer, VerifyRequest } from '../bridge-protocol.ts'
import { type Refusal, writeAnswer, writeRefusal } from './answers.ts'
import { passGate, type Verified } from './gate.ts'
import type { NativeContext } from './native/api.ts'
import { nativeApis } from './native/table.ts'
import { type PageAddress, readVerified, readVerifyRequest, writeVerdict } from './pre-verify.ts'
import type { Verifier } from './verify.ts'

/** What one client needs to answer a page. */
export interface ClientParts {
  profile: BridgeProfile
  context: NativeContext
  verify: Verifier
  address(): PageAddress
  answers: Readonly<Record<string, (args: Record<string, unknown>) => Record<string, unknown>>>
  onVerdict(request: VerifyRequest, answer: VerifyAnswer): void
  onAccepted(verified: Verified): Promise<void>
}

/** An answer as this client writes it, and what it does once the page has it. */
export interface WrittenAnswer {
  answer: Record<string, unknown>
  after?: () => void
}

/** The native side: takes a call, gives the answer. */
export interface Client {
  answer(name: string, args: Record<string, unknown>): Promise<WrittenAnswer>
  verified(): Verified | undefined
}

/** Makes the native side of one document. */
export function createClient(parts: ClientParts): Client {
  const { profile, context } = parts
  let verified: Verified | undefined

  const preVerify = async (args: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const request = readVerifyRequest(profile, args, parts.address())
    const verdict = await parts.verify(request)
    const accepted = readVerified(request, verdict)
    verified = accepted ?? verified
    parts.onVerdict(request, verdict)
    if (accepted !== undefined) await parts.onAccepted(accepted)
    return writeVerdict(verdict)
  }

  const refusalOf = async (name: string, args: Record<string, unknown>): Promise<Refusal | undefined> => {
    if (!isKnown(name)) return 'unknown'
    if (passGate(name, args, verified, context.inMiniProgram) !== 'open') return 'unverified'
    return (await context.ui.denies(name)) ? 'denied' : undefined
  }

  return {
    verified: () => verified,
    async answer(name, args) {
      const own = Object.hasOwn(parts.answers, name) ? parts.answers[name] : undefined
      if (own !== undefined) return { answer: own(args) }
      if (name === 'preVerifyJSAPI') return { answer: await preVerify(args) }
      const refusal = await refusalOf(name, args)
      const api = nativeApis[name]
      if (refusal !== undefined || api === undefined)
        return { answer: writeRefusal(profile, name, refusal ?? 'unknown') }
      const { after, ...native } = await api(args, context)
      const answer = writeAnswer(profile, name, native)
      return after === undefined ? { answer } : { answer, after }
    },
  }
}

/** True when the simulated client has a function of this bridge name. */
export function isKnown(name: string): boolean {
  return name === 'preVerifyJSAPI' || Object.hasOwn(nativeApis, name)
}
