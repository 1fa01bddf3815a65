import { createWeixin, type ShareContent, type Weixin } from '../../client/index.ts'
import { readSettings } from '../page/settings.ts'
import { shareImage } from '../page/share-image.ts'

// What both pages show, so that they differ only in the framework.

export interface Dish {
  id: string
  name: string
  about: string
  price: string
  picture: string
}

const chinese = {
  title: '春季菜单',
  lead: '换一道菜，地址和分享内容会一起变化，每个接口都照常可用。',
  status: { idle: '等待中', verifying: '正在验证签名…', ready: '微信已接受签名', failed: '未就绪' },
  retry: '再试一次',
  scan: '扫桌号',
  scanned: '扫到：',
  facts: { platform: '客户端', verified: '已验证的地址', shared: '分享出去的链接' },
}

const english: typeof chinese = {
  title: 'Spring menu',
  lead: 'Choose a dish: the address and what you share follow, and every API keeps working.',
  status: {
    idle: 'Waiting',
    verifying: 'Verifying the signature…',
    ready: 'WeChat accepted the signature',
    failed: 'Not ready',
  },
  retry: 'Try again',
  scan: 'Scan the table',
  scanned: 'Scanned: ',
  facts: { platform: 'Client', verified: 'Verified address', shared: 'Shared link' },
}

const isChinese = navigator.language.startsWith('zh')
export const texts: typeof chinese = isChinese ? chinese : english

document.documentElement.lang = isChinese ? 'zh-CN' : 'en'

const picture = (background: string, shapes: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><rect width="80" height="80" rx="18" fill="${background}"/>${shapes}</svg>`,
  )}`

const pictures = {
  rolls: picture(
    '#ffe7b3',
    '<g fill="#d9942b" transform="rotate(-24 40 40)"><rect x="14" y="22" width="52" height="16" rx="8"/><rect x="14" y="43" width="52" height="16" rx="8"/></g>',
  ),
  shrimp: picture(
    '#c9efd8',
    '<path d="M56 26a19 19 0 1 0-2 29" fill="none" stroke="#f08a6a" stroke-width="13" stroke-linecap="round"/>',
  ),
  tofu: picture(
    '#dde7ff',
    '<g fill="#fff" stroke="#8ea4d2" stroke-width="3"><rect x="17" y="38" width="24" height="22" rx="4"/><rect x="41" y="38" width="24" height="22" rx="4"/><rect x="28" y="18" width="24" height="20" rx="4"/></g>',
  ),
}

export const dishes: readonly [Dish, ...Dish[]] = [
  {
    id: 'rolls',
    name: isChinese ? '荠菜春卷' : 'Spring rolls',
    about: isChinese ? '现包现炸，荠菜与冬笋。' : 'Shepherd’s purse and bamboo shoots, fried to order.',
    price: '¥18',
    picture: pictures.rolls,
  },
  {
    id: 'shrimp',
    name: isChinese ? '龙井虾仁' : 'Longjing shrimp',
    about: isChinese ? '明前龙井，河虾仁。' : 'River shrimp with the first tea of the year.',
    price: '¥88',
    picture: pictures.shrimp,
  },
  {
    id: 'tofu',
    name: isChinese ? '香椿豆腐' : 'Toon tofu',
    about: isChinese ? '头茬香椿，石磨豆腐。' : 'Stone-ground tofu with the first toon leaves.',
    price: '¥26',
    picture: pictures.tofu,
  },
]

/** The dish an address names. */
export function dishAt(address: string): Dish {
  const id = new URL(address).searchParams.get('dish')
  return dishes.find((dish) => dish.id === id) ?? dishes[0]
}

/** The address of a dish: this page's, with another query. */
export const addressOf = (dish: Dish): string => `?dish=${dish.id}`

/** What WeChat shows of a shared dish. */
export const shareOf = (dish: Dish): ShareContent => ({
  title: `${dish.name} ${dish.price}`,
  desc: dish.about,
  imgUrl: shareImage,
})

/** Made once for the page, before any component. */
export const weixin: Weixin = createWeixin({ service: readSettings().service })
