interface Api<Params, Result> {
  params: Params
  result: Result
}
type Nothing = Record<string, never>
type Local = { localId: string }
type Progress = { isShowProgressTips?: 0 | 1 }

/**
 * What a listener of `onMenuShare…` hears: `errMsg` ends with `:trigger` when the menu item was tapped, then with
 * `:ok`, `:cancel` or a reason. It bears the name of the share call, such as `sendAppMessage:ok`.
 */
export interface MenuShareEvent {
  errMsg: string
}

/** What a listener of `onVoiceRecordEnd` or `onVoicePlayEnd` hears. */
export interface VoiceEvent {
  localId: string
  errMsg: string
}

/** What a listener of `onSearchBeacons` hears. */
export interface BeaconsEvent {
  beacons: Beacon[]
  errMsg: string
}

/** One beacon in reach; phones differ in whether numbers come as text. */
export interface Beacon {
  uuid: string
  major: number | string
  minor: number | string
  accuracy?: number | string
  rssi?: number | string
  proximity?: number | string
  heading?: number | string
}

interface MenuShare {
  title?: string
  link?: string
  imgUrl?: string
  listener?: (event: MenuShareEvent) => void
}
type MenuShareWithText = MenuShare & { desc?: string }

/** Menu items that every page has and that cannot be hidden. */
export type BaseMenuItem =
  `menuItem:${'exposeArticle' | 'setFont' | 'dayMode' | 'nightMode' | 'refresh' | 'profile' | 'addContact'}`

/** Menu items that can be hidden. */
export type HideableMenuItem =
  | `menuItem:share:${'appMessage' | 'timeline' | 'qq' | 'weiboApp' | 'facebook' | 'QZone' | 'email' | 'brand'}`
  | `menuItem:${'favorite' | 'editTag' | 'delete' | 'copyUrl' | 'originPage' | 'readMode' | 'openWithQQBrowser' | 'openWithSafari'}`

/** A card to add: `cardExt` is the JSON text the service made. */
export interface CardToAdd {
  cardId: string
  cardExt: string
}

/** One card of `addCard`, with whether it was added. */
export interface AddedCard extends CardToAdd {
  isSuccess: boolean
  code?: string
}

/** One card the person chose; `encryptCode` is decrypted by a backend. */
export interface ChosenCard {
  cardId: string
  encryptCode: string
  appId?: string
}

interface Payment {
  timestamp: number | string
  nonceStr: string
  package: string
  paySign: string
  signType?: string
}

/** Every API of the SDK that `wx.config` can ask for, with what it takes and gives. */
export interface JsApis {
  checkJsApi: Api<{ jsApiList: readonly JsApiName[] }, { checkResult: Partial<Record<JsApiName, boolean>> }>
  updateAppMessageShareData: Api<{ title: string; desc?: string; link: string; imgUrl: string }, Nothing>
  updateTimelineShareData: Api<{ title: string; link: string; imgUrl: string }, Nothing>
  onMenuShareTimeline: Api<MenuShare & { type?: string; dataUrl?: string }, Nothing>
  onMenuShareAppMessage: Api<
    MenuShareWithText & { type?: 'music' | 'video' | 'link'; dataUrl?: string },
    Nothing
  >
  onMenuShareQQ: Api<MenuShareWithText, Nothing>
  onMenuShareWeibo: Api<MenuShareWithText, Nothing>
  onMenuShareQZone: Api<MenuShareWithText, Nothing>
  startRecord: Api<Nothing, Nothing>
  stopRecord: Api<Nothing, Local>
  onVoiceRecordEnd: Api<{ listener: (event: VoiceEvent) => void }, Nothing>
  playVoice: Api<Local, Nothing>
  pauseVoice: Api<Local, Nothing>
  stopVoice: Api<Local, Nothing>
  onVoicePlayEnd: Api<{ listener: (event: VoiceEvent) => void }, Nothing>
  uploadVoice: Api<Local & Progress, { serverId: string }>
  downloadVoice: Api<{ serverId: string } & Progress, Local>
  translateVoice: Api<Local & Progress, { translateResult: string }>
  chooseImage: Api<
    {
      count?: number
      sizeType?: readonly ('original' | 'compressed')[]
      sourceType?: readonly ('album' | 'camera')[]
    },
    { localIds: string[]; sourceType?: string }
  >
  previewImage: Api<{ current?: string; urls: readonly string[] }, Nothing>
  uploadImage: Api<Local & Progress, { serverId: string; mediaUrl?: string }>
  downloadImage: Api<{ serverId: string } & Progress, Local>
  getLocalImgData: Api<Local, { localData: string }>
  getNetworkType: Api<Nothing, { networkType: string }>
  openLocation: Api<
    {
      latitude: number
      longitude: number
      name?: string
      address?: string
      scale?: number
      infoUrl?: string
    },
    Nothing
  >
  getLocation: Api<
    { type?: 'wgs84' | 'gcj02' },
    { latitude: number; longitude: number; speed?: number; accuracy?: number }
  >
  startSearchBeacons: Api<{ ticket?: string }, Nothing>
  stopSearchBeacons: Api<Nothing, Nothing>
  onSearchBeacons: Api<{ listener: (event: BeaconsEvent) => void }, Nothing>
  hideOptionMenu: Api<Nothing, Nothing>
  showOptionMenu: Api<Nothing, Nothing>
  closeWindow: Api<Nothing, Nothing>
  hideMenuItems: Api<{ menuList: readonly HideableMenuItem[] }, Nothing>
  showMenuItems: Api<{ menuList: readonly (HideableMenuItem | BaseMenuItem)[] }, Nothing>
  hideAllNonBaseMenuItem: Api<Nothing, Nothing>
  showAllNonBaseMenuItem: Api<Nothing, Nothing>
  scanQRCode: Api<
    { needResult?: 0 | 1; scanType?: readonly ('qrCode' | 'barCode')[] },
    { resultStr?: string }
  >
  openProductSpecificView: Api<{ productId: string; viewType?: 0 | 1 | 2; extInfo?: string }, Nothing>
  addCard: Api<{ cardList: readonly CardToAdd[] }, { cardList: AddedCard[] }>
  chooseCard: Api<
    {
      shopId?: string
      cardType?: string
      cardId?: string
      timestamp: number | string
      nonceStr: string
      signType?: string
      cardSign: string
    },
    { cardList: ChosenCard[] }
  >
  openCard: Api<{ cardList: readonly { cardId: string; code: string }[] }, Nothing>
  consumeAndShareCard: Api<{ cardId: string; code: string }, Nothing>
  chooseWXPay: Api<Payment, Nothing>
  openEnterpriseRedPacket: Api<Payment, Nothing>
  openAddress: Api<
    Nothing,
    {
      userName: string
      telNumber: string
      postalCode: string
      provinceName: string
      cityName: string
      countryName: string
      detailInfo: string
      nationalCode: string
    }
  >
  openEnterpriseChat: Api<{ userIds: string; groupName?: string }, { errCode?: number }>
  launchMiniProgram: Api<
    { targetAppId: string; path?: string; envVersion?: 'develop' | 'trial' | 'release' },
    Nothing
  >
  openBusinessView: Api<
    { businessType: string; queryString?: string; envVersion?: 'develop' | 'trial' | 'release' },
    { extraData?: unknown }
  >
}

/** APIs for a page in the web view of a mini program; they need no signature. */
export interface MiniProgramApis {
  'miniProgram.navigateBack': Api<{ delta?: number }, Nothing>
  'miniProgram.navigateTo': Api<{ url: string }, Nothing>
  'miniProgram.redirectTo': Api<{ url: string }, Nothing>
  'miniProgram.switchTab': Api<{ url: string }, Nothing>
  'miniProgram.reLaunch': Api<{ url: string }, Nothing>
  'miniProgram.postMessage': Api<{ data: unknown }, Nothing>
}

/** A name for `jsApiList`. */
export type JsApiName = keyof JsApis

/** A name for {@link Weixin.call}. */
export type CallName = keyof (JsApis & MiniProgramApis)

/** What the API takes. */
export type CallParams<N extends CallName> = (JsApis & MiniProgramApis)[N]['params']

/** What the API gives; `errMsg` is what WeChat said, such as `scanQRCode:ok`. */
export type CallResult<N extends CallName> = ResultFields<(JsApis & MiniProgramApis)[N]['result']>

type ResultFields<Result> = { errMsg: string } & (Result extends Nothing ? unknown : Result)

/** The parameters, which may be left out where nothing in them is required. */
export type CallArguments<N extends CallName> =
  Record<never, never> extends CallParams<N> ? [params?: CallParams<N>] : [params: CallParams<N>]
