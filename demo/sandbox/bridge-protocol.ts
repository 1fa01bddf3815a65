/** The WeChat clients the simulated `WeixinJSBridge` can be. */
export type BridgeProfile = 'ios' | 'android' | 'harmony' | 'windows' | 'mac' | 'devtools' | 'wecom-ios'

/**
 * What a WeChat client knows when a page calls `wx.config`: the arguments of `preVerifyJSAPI`, plus the two
 * addresses only the client itself can see.
 */
export interface VerifyRequest {
  readonly profile: BridgeProfile
  /** The address the document was loaded from; the one iOS compares with. */
  readonly landingUrl: string
  /** The address in the address bar now; the one Android compares with. */
  readonly currentUrl: string
  readonly appId: string
  /** Epoch seconds as text, as the SDK sends it. */
  readonly timestamp: string
  readonly nonceStr: string
  readonly signature: string
  readonly signType: string
  /** Bridge names (`batchAddCard`), not public names (`addCard`). */
  readonly jsApiList: readonly string[]
  readonly openTagList?: readonly string[]
}

/** Why WeChat would refuse, for the person in front of the screen. No real client tells this much. */
export interface VerifyExplanation {
  /** The address this client compares with. */
  readonly verifiedUrl: string
  /** The text this client would hash; the middle of the ticket is masked. */
  readonly string1: string
  /** The text the signer hashed, found by trying; absent when no common mistake gives the signature. */
  readonly signedString1?: string
  /** Empty when there is no ticket to compute it from. */
  readonly expectedSignature: string
  readonly givenSignature: string
  readonly reason: string
  readonly reasonZh: string
  readonly fix: string
  readonly fixZh: string
}

/** The client's answer to `preVerifyJSAPI`. */
export interface VerifyAnswer {
  /** Exactly what the bridge gives: `err_msg` on a phone, `errMsg` when {@link VerifyAnswer.devtools} is true. */
  readonly errMsg: string
  /** True for the developer tools, whose answers the SDK hands to the page unchanged. */
  readonly devtools?: boolean
  /** Present on every refusal. */
  readonly explanation?: VerifyExplanation
}
