import type { BridgeProfile, VerifyAnswer, VerifyRequest } from '../bridge-protocol.ts'
import type { Verified } from './gate.ts'
import { textList, textOf } from './plain-copy.ts'

/** Where the document is and was, as the client knows it. */
export interface PageAddress {
  landingUrl: string
  currentUrl: string
}

/** Reads the arguments of preVerifyJSAPI; the addresses come from the client, never from the page. */
export function readVerifyRequest(
  profile: BridgeProfile,
  args: Record<string, unknown>,
  address: PageAddress,
): VerifyRequest {
  const openTagList = textList(args.verifyOpenTagList)
  return {
    profile,
    ...address,
    appId: textOf(args.verifyAppId ?? args.appId),
    timestamp: textOf(args.verifyTimestamp),
    nonceStr: textOf(args.verifyNonceStr),
    signature: textOf(args.verifySignature),
    signType: textOf(args.verifySignType),
    jsApiList: textList(args.verifyJsApiList),
    ...(openTagList.length === 0 ? {} : { openTagList }),
  }
}

/** The verdict as the bridge hands it to the page. */
export function writeVerdict(verdict: VerifyAnswer): Record<string, unknown> {
  return verdict.devtools === true ? { errMsg: verdict.errMsg } : { err_msg: verdict.errMsg }
}

/** What a verdict allows: nothing unless it ends in `:ok`. */
export function readVerified(request: VerifyRequest, verdict: VerifyAnswer): Verified | undefined {
  const { appId, jsApiList, openTagList = [] } = request
  return /:ok$/.test(verdict.errMsg) ? { appId, apis: new Set(jsApiList), openTags: openTagList } : undefined
}
