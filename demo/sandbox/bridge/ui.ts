import type { ShareTarget } from './native-names.ts'
import type {
  AddCardQuestion,
  Beacon,
  ChooseCardQuestion,
  OpenTagQuestion,
  PayQuestion,
  PostalAddress,
  ViewCardQuestion,
} from './ui-questions.ts'

/** A value now or later: a person may take their time. */
type Later<T> = T | Promise<T>

/** What the card of a shared page shows. */
export interface ShareCard {
  title: string
  desc: string
  link: string
  imgUrl: string
  /** Where the content came from: the new share-data calls, the page's answer to the menu event, or nothing. */
  from: 'share-data' | 'menu-event' | 'page'
}

/** A code in front of the camera. */
export interface ScannedCode {
  text: string
  /** Default `qrCode`; a bar code's text is handed over with its format, `EAN_13,690…`. */
  kind?: 'qrCode' | 'barCode'
  /** Format of a bar code, default `EAN_13`. */
  format?: string
}

/** A picture a person picked. */
export interface PickedImage {
  /** `data:image/…;base64,…` */
  dataUrl: string
}

/** A place on the map, in WGS-84 degrees. */
export interface Place {
  latitude: number
  longitude: number
  /** Metres per second, default 0. */
  speed?: number
  /** Metres, default 30. */
  accuracy?: number
}

/** Kind of connection; `none` is airplane mode. */
export type NetworkType = 'wifi' | '5g' | '4g' | '3g' | '2g' | 'none'

/** Items of the ⋯ menu as the page has set them. */
export interface MenuState {
  /** False after hideOptionMenu: the ⋯ button itself is gone. */
  shown: boolean
  /** Menu items the page has hidden, e.g. `menuItem:share:timeline`. */
  hidden: string[]
}

/** Content that the page set with updateAppMessageShareData and updateTimelineShareData. */
export interface ShareContents {
  appMessage?: ShareCard
  timeline?: ShareCard
}

/** The hands and eyes at the phone: every question WeChat would put to a person. Everything left out has a default. */
export interface BridgeUi {
  /** True when the person, or the account's rights, deny this bridge name: the page gets `permission denied`. */
  denies?(name: string): Later<boolean>
  scan?(question: { needResult: boolean; scanType: string[] }): Later<ScannedCode | 'cancel'>
  chooseImages?(question: {
    count: number
    sizeType: string[]
    sourceType: string[]
  }): Later<{ images: PickedImage[]; source: 'album' | 'camera' } | 'cancel'>
  location?(question: { type: string }): Later<Place | 'deny' | 'cancel' | 'fail'>
  /** With the scene `favorite` the card goes to the person's own favorites. */
  share?(question: { target: ShareTarget; card: ShareCard; scene?: 'favorite' }): Later<'confirm' | 'cancel'>
  /** The add-card screen, also when no card can be added: it then shows the text that pages never see. */
  addCard?(question: AddCardQuestion): Later<'add' | 'cancel' | 'fail'>
  /** `picked` counts from 0. */
  chooseCard?(question: ChooseCardQuestion): Later<{ picked: number[] } | 'cancel' | 'fail'>
  viewCard?(question: ViewCardQuestion): Later<'close' | 'cancel' | 'fail'>
  pay?(question: PayQuestion): Later<'ok' | 'cancel' | 'fail'>
  redPacket?(question: PayQuestion): Later<'ok' | 'cancel' | 'fail'>
  address?(): Later<PostalAddress | 'cancel' | 'deny' | 'fail'>
  /** May the page use the microphone? */
  record?(): Later<'allow' | 'cancel' | 'deny' | 'fail'>
  /** What a recording says. */
  translateVoice?(question: { localId: string }): Later<{ text: string } | 'cancel' | 'fail'>
  /** How an upload or download of a picture or a recording ends. */
  transfer?(question: { name: string; id: string }): Later<'ok' | 'cancel' | 'fail'>
  /** The beacons nearby, or Bluetooth switched off. */
  beacons?(): Later<Beacon[] | 'off'>
  openTag?(question: OpenTagQuestion): Later<'launch' | 'cancel' | 'error'>
  openProduct?(question: { productId: string; viewType: string }): void
  /** What a page in a mini program asks of it: `navigateTo`, `postMessage` … */
  miniProgram?(question: { name: string; arg: Record<string, unknown> }): void
  previewImages?(question: { current: string; urls: string[] }): void
  openLocation?(question: { latitude: number; longitude: number; name: string; address: string }): void
  networkType?(): Later<NetworkType>
  closeWindow?(): void
  menuChanged?(menu: MenuState): void
  shareContentsChanged?(contents: ShareContents): void
}

// 8 x 8 pixels of WeChat green.
const greenSquare =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mNgP5iAFTEMLQkA1CxKAbJVHeMAAAAASUVORK5CYII='

const sampleAddress: PostalAddress = {
  userName: '张三',
  telNumber: '020-81167888',
  postalCode: '510000',
  provinceName: '广东省',
  cityName: '广州市',
  countyName: '海珠区',
  detailInfo: '新港中路397号',
  nationalCode: '510000',
}

const sampleBeacon: Beacon = {
  uuid: 'FDA50693-A4E2-4FB1-AFCF-C6EB07647825',
  major: 10001,
  minor: 19641,
  accuracy: 1.2,
  rssi: -59,
  proximity: 2,
  heading: 0,
}

/**
 * Answers when nobody sits at the phone: one code, one picture, a place in Guangzhou, wifi, a sample address;
 * cards are added, the first one is chosen; everything is allowed, and nothing is paid.
 */
export const defaultUi: Required<BridgeUi> = {
  denies: () => false,
  scan: () => ({ text: 'https://weixin.qq.com/r/sandbox' }),
  chooseImages: () => ({ images: [{ dataUrl: greenSquare }], source: 'album' }),
  location: () => ({ latitude: 23.12911, longitude: 113.264385 }),
  share: () => 'confirm',
  addCard: () => 'add',
  chooseCard: ({ cards }) => (cards.length === 0 ? 'cancel' : { picked: [0] }),
  viewCard: () => 'close',
  pay: () => 'cancel',
  redPacket: () => 'cancel',
  address: () => sampleAddress,
  record: () => 'allow',
  translateVoice: () => ({ text: '你好，微信。' }),
  transfer: () => 'ok',
  beacons: () => [sampleBeacon],
  openTag: () => 'launch',
  openProduct: () => undefined,
  miniProgram: () => undefined,
  previewImages: () => undefined,
  openLocation: () => undefined,
  networkType: () => 'wifi',
  closeWindow: () => undefined,
  menuChanged: () => undefined,
  shareContentsChanged: () => undefined,
}
