import type { Candidate, Environment, JsApiName, ShareContent, WeixinErrorCode } from '../../client/index.ts'
import type { Scope } from './ask-after-reload.ts'
import type { ConnectionState } from './connection.ts'
import type { FaultName } from './faults.ts'
import type { LogEntry } from './log.ts'
import type { Row, RowName } from './steps.ts'
import type { WhoStep } from './who-steps.ts'

// Every text of the page, in both languages. A text missing in one of them does not compile.

interface Titled {
  title: string
  lead: string
}

/** A failure in plain words; what to do comes with the error. */
interface Failure {
  what: string
  why: string
}

interface Outcome {
  what: (ms: number) => string
  why: string
}

/** Codes of the service that say more than the client's `service_unavailable` and `service_refused`. */
export type ProblemCode =
  | 'wechat_busy'
  | 'wechat_unreachable'
  | 'wechat_refused'
  | 'wechat_bad_answer'
  | 'rate_limited'

export interface Texts {
  locale: 'zh-CN' | 'en'
  title: string
  hero: Titled & { language: string }
  state: Record<ConnectionState['phase'], (ms: number) => string>
  snippet: { title: string; copy: string; copied: string }
  outside: {
    title: string
    what: string
    whatWecom: string
    howSandbox: string
    howReal: string
    open: string
  }
  environment: Titled & {
    client: string
    platform: string
    version: string
    devtools: string
    miniProgram: string
    clients: Record<Environment['client'], string>
    platforms: Record<Environment['platform'], string>
    yes: string
    no: string
    none: string
  }
  signature: Titled & {
    steps: Record<RowName, { name: string; lead: string }>
    rowStates: Record<Row['state'], string>
    refused: string
    url: string
    candidate: string
    candidates: Record<Candidate, string>
    again: string
    running: string
  }
  failure: {
    labels: { why: string; fix: string }
    unexpected: Failure
    codes: Record<WeixinErrorCode, Failure>
    problems: Record<ProblemCode, Failure & { fix: string }>
  }
  who: Titled & {
    scopes: Record<Scope, { button: string; lead: string }>
    asking: string
    leaving: string
    unconfigured: Failure & { fix: string }
    noBackend: string
    signedOut: string
    steps: Record<WhoStep, { name: string; lead: string }>
    noTicket: string
    notVerified: string
    hello: (openid: string) => string
    verified: string
    known: string
    absent: Record<'scope' | 'not_bound', string>
    again: string
    signOut: string
    redeemAgain: string
    refusals: Record<'ticket_invalid' | 'other', Failure & { fix: string }>
    announced: { verified: string; failed: string }
  }
  share: Titled & {
    suggested: { title: string; desc: string }
    fields: Record<keyof ShareContent, string>
    set: string
    done: string
    partly: string
    targets: { appMessage: string; timeline: string }
    menu: string
    announced: { ok: string; failed: string }
  }
  cards: Titled & {
    actions: Record<'take' | 'gone' | 'choose' | 'open', string>
    empty: string
    running: string
    taken: string
    chosen: (count: number) => string
    none: string
    noneChosen: string
    opened: string
    openedWhy: string
    openFirst: string
    unconfigured: Failure & { fix: string }
    announced: { done: string; failed: string }
  }
  calls: Titled & {
    names: Partial<Record<JsApiName, string>>
    empty: string
    states: { done: string; failed: string; running: string }
    done: (name: string) => string
    running: (name: string) => string
  }
  faults: Titled & {
    names: Record<FaultName, { title: string; lead: string }>
    clock: string
    clear: string
    trying: string
    survived: Outcome
    healed: Outcome
    unreachable: Failure & { fix: string }
  }
  log: Titled & { outcomes: Record<LogEntry['outcome'], string>; empty: string; clear: string }
  footer: { sandbox: string; real: string }
}

const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`)

const zh: Texts = {
  locale: 'zh-CN',
  title: 'wx-h5-kit 演示：微信里的 H5 页面',
  hero: {
    title: '签名、验证、就绪。',
    lead: '微信里的 H5 页面所需要的一切：服务为页面地址签名，微信验证通过，JS-SDK 随即可用。',
    language: '语言',
  },
  state: {
    running: () => '正在连接微信…',
    ready: (ms) => `已就绪，用时 ${seconds(ms)}`,
    failed: () => '未能就绪，原因见下文',
    outside: () => '当前不在微信中',
  },
  snippet: { title: '你看到的就是这几行代码', copy: '复制', copied: '已复制' },
  outside: {
    title: '这里不是微信',
    what: '普通浏览器里没有微信的 JSBridge，所以签名和接口都不会执行。页面照常显示，每个按钮会如实告诉你代码收到的错误：not_in_wechat。',
    whatWecom: '企业微信有自己的一套签名（agentConfig），公众号的签名在这里无效。请改用微信打开。',
    howSandbox: '在模拟的微信手机里打开它，不需要公众号，也不需要手机：',
    howReal: '把下面的地址发到微信聊天里点开，或粘贴到微信开发者工具的“公众号网页调试”：',
    open: '在模拟手机里打开',
  },
  environment: {
    title: '运行环境',
    lead: '页面在哪里打开，要走哪种签名规则。只看 User-Agent，无需签名。',
    client: '客户端',
    platform: '系统',
    version: '版本',
    devtools: '微信开发者工具',
    miniProgram: '小程序内的网页',
    clients: { wechat: '微信', wecom: '企业微信', none: '普通浏览器' },
    platforms: {
      ios: 'iPhone / iPad',
      android: '安卓',
      harmony: '鸿蒙',
      windows: 'Windows',
      mac: 'macOS',
      unknown: '未识别',
    },
    yes: '是',
    no: '否',
    none: '无',
  },
  signature: {
    title: '签名',
    lead: '从打开页面到接口可用的六步，以及每一步花的时间。',
    steps: {
      environment: { name: '识别环境', lead: '是微信吗？哪个系统？' },
      bridge: { name: '等待 JSBridge', lead: '微信把 WeixinJSBridge 放进页面' },
      sdk: { name: '加载 SDK', lead: '按需加载 weixin-js-sdk' },
      signature: { name: '获取签名', lead: '服务为页面地址签名' },
      verify: { name: '微信验证', lead: '微信核对签名与安全域名' },
      config: { name: '就绪', lead: '所有接口可以调用' },
    },
    rowStates: { waiting: '等待中', running: '进行中', done: '完成', failed: '失败' },
    refused: '微信拒绝了第一个地址，已改用另一个',
    url: '签名的地址',
    candidate: '采用的地址',
    candidates: {
      landing: '首次打开时的地址',
      current: '当前地址',
      reported: '微信指出的地址',
    },
    again: '重新来一次',
    running: '进行中…',
  },
  failure: {
    labels: { why: '原因', fix: '怎么办' },
    unexpected: { what: '出现了意料之外的错误', why: '这不是微信或服务的回答，多半是页面自己的程序错误。' },
    codes: {
      not_in_wechat: {
        what: '这里不是微信',
        why: '普通浏览器里没有 JSBridge，接口不会有任何回应，因此立即报告。',
      },
      timeout: { what: '等了太久，没有回应', why: '微信、签名服务或网络在时限内没有应答。' },
      sdk_unavailable: { what: 'weixin-js-sdk 没有加载', why: '脚本文件缺失、被拦截，或网络中断。' },
      service_unavailable: {
        what: '签名服务没有给出签名',
        why: '服务没有应答、应答不完整，或它自己也没能从微信得到 ticket。',
      },
      service_refused: { what: '签名服务拒绝了请求', why: '服务不接受这个 appId 或这个页面地址。' },
      origin_not_allowed: {
        what: '签名服务不认识这个页面的域名',
        why: '服务只为配置中列出的来源签名，否则任何网站都能冒用你的公众号。',
      },
      signed_url_mismatch: {
        what: '服务签的不是页面发出的地址',
        why: '途中有程序改写了 URL，微信一定会拒绝这样的签名。',
      },
      invalid_signature: {
        what: '微信不认这个签名',
        why: '微信用自己的 ticket 和它看到的地址重新计算，结果与收到的签名不同。',
      },
      url_domain_not_bound: {
        what: '页面域名没有绑定到公众号',
        why: '只有写进“JS接口安全域名”的域名才能使用 JS-SDK。',
      },
      invalid_config: { what: '微信认为配置不完整', why: 'appId 或接口列表缺失、有误。' },
      require_subscribe: { what: '需要先关注测试号', why: '测试号只对它的关注者开放 JS-SDK。' },
      permission_denied: { what: '没有权限', why: '公众号没有这个接口的权限，或者用户刚才拒绝了授权。' },
      not_verified: { what: '调用早于验证', why: '签名还没有通过，或者这个接口不在 jsApiList 里。' },
      not_supported: { what: '这个客户端不支持该接口', why: '微信版本较旧，或者该系统上没有这个能力。' },
      cancelled: { what: '用户取消了', why: '这是正常结果，不是错误：什么也不用修。' },
      invalid_argument: { what: '参数不对', why: '调用在到达微信之前就被拦下，因为它不可能成功。' },
      auth_info_missing: {
        what: '地址里没有身份',
        why: '访客不是从微信授权回来的，页面还没有问过微信谁在看。',
      },
      auth_info_invalid: {
        what: '地址里的身份不可用',
        why: '参数被改过、截断过，或者同一个名字出现了两个不同的值，页面不会去猜哪个是真的。',
      },
      snapshot_user: {
        what: '这是快照页，看的人是虚拟的',
        why: '微信用一个虚构的用户打开了网页快照。服务不会给出这样的身份，也不会存下它。',
      },
      access_denied: { what: '访客拒绝了授权', why: '微信问了“是否允许”，访客选择了拒绝。这是访客的权利。' },
      login_loop: {
        what: '去过微信，却没有带回身份',
        why: '也许是在授权页上拒绝了，或者中途离开了。页面不会自动再去第二次，否则会无休止地来回跳转。',
      },
      card_failed: {
        what: '微信没有给出卡券',
        why: '微信已经在自己的界面上向用户说明了原因，页面只知道没有成功。',
      },
      bad_native_answer: {
        what: '微信的回答看不懂',
        why: '微信答了，但内容不是这个接口应有的样子，页面不去猜。',
      },
      page_left: {
        what: '页面中途被离开了',
        why: '等微信回答的时候，用户离开了页面，这次调用就不再有结果。',
      },
      failed: { what: '微信说失败了', why: '微信没有给出更多说明，原话在下面。' },
    },
    problems: {
      wechat_busy: {
        what: '微信服务器正忙，拿不到 ticket',
        why: '签名需要 ticket，服务去微信取新的，微信回答了 -1“系统繁忙”，重试几次仍然如此。',
        fix: '稍等片刻再试。已有的 ticket 两小时内一直可用，所以微信短暂繁忙时访客通常毫无感觉。',
      },
      wechat_unreachable: {
        what: '签名服务连不上微信',
        why: '服务去微信取新的 ticket，在时限内没有得到回答。',
        fix: '检查服务器能否访问 api.weixin.qq.com（DNS、防火墙、代理），然后再试一次。',
      },
      wechat_refused: {
        what: '微信拒绝了签名服务',
        why: '服务用公众号的凭证向微信取 ticket，被微信拒绝。',
        fix: '核对 appId 与 appSecret，并把服务器 IP 加入白名单；服务的 /readyz 会写明具体是哪一项。',
      },
      wechat_bad_answer: {
        what: '微信给服务的回答无法理解',
        why: '途中的代理或网关返回了别的内容，而不是微信的 JSON。',
        fix: '查看服务日志里的请求编号，检查服务器与微信之间的代理。',
      },
      rate_limited: {
        what: '请求太频繁',
        why: '同一个地址在短时间内请求了太多次签名。',
        fix: '稍等片刻再试；限制可以在服务配置的 rateLimits 中调整。',
      },
    },
  },
  who: {
    title: '谁在看',
    lead: '页面问微信是谁在看，自己的后端再核实一遍。',
    scopes: {
      snsapi_base: { button: '静默识别', lead: '不打扰访客，立刻得到 openid。snsapi_base' },
      snsapi_userinfo: {
        button: '带资料识别',
        lead: '微信先问访客，同意后还有 unionid 和统一用户号。snsapi_userinfo',
      },
    },
    asking: '正在问后端认不认识这个浏览器…',
    leaving: '正在前往微信…',
    unconfigured: {
      what: '还没有配置授权登录',
      why: '服务的配置里没有给这个公众号分配门店号（portIds），authInfo 不知道该用哪个公众号。',
      fix: '在 wx-h5.json 里填写 publicUrl，给公众号写上 "portIds": [4] 和 "redirects": ["这个页面的地址"]，再加一个带 "identity" 权限的 clients。公众号后台的“网页授权域名”也要填服务的域名。',
    },
    noBackend:
      '这次运行没有示例后端：配置里缺少带 "identity" 权限的 clients。页面能拿到身份，但没有人能核实它。',
    signedOut: '已退出：后端忘记了这次会话。',
    steps: {
      hint: {
        name: '地址里写着是谁',
        lead: '只是提示：谁都能写出这样的链接，不能凭它登录。页面已把它从地址栏里去掉。',
      },
      ticket: {
        name: '一次性票据交给后端',
        lead: 'POST api/session。票据 60 秒内有效，只能用一次。',
      },
      verified: {
        name: '后端核实，开自己的会话',
        lead: '后端用票据向服务换回真实身份，再写一个脚本读不到的 HttpOnly Cookie。',
      },
    },
    noTicket: '地址里没有票据，没有东西可以核实：后端什么也不相信。',
    notVerified: '后端不认识这位访客。',
    hello: (openid) => `你好，${openid}`,
    verified: '后端已核实',
    known: '这次没有经过微信：上一次的会话还在，HttpOnly Cookie 让后端认出了你。',
    absent: {
      scope: '没有：静默识别只给 openid',
      not_bound: '没有：公众号没有绑定到微信开放平台',
    },
    again: '不是你？换一种方式再问微信',
    signOut: '退出',
    redeemAgain: '把同一张票据再交一次',
    refusals: {
      ticket_invalid: {
        what: '票据无效：后端没有放行',
        why: '这张票据已经用过、超过 60 秒，或者根本不是服务发出的。偷看到旧链接的人拿它什么也做不了。',
        fix: '重新走一次授权，换一张新的票据。',
      },
      other: {
        what: '后端没能核实',
        why: '页面的后端没有应答，或者它连不上签发票据的服务。这不是访客的错。',
        fix: '查看后端与服务的日志，稍后再试。',
      },
    },
    announced: { verified: '后端已核实访客身份', failed: '没有认出访客，原因见页面' },
  },
  share: {
    title: '分享',
    lead: '好友看到的卡片。改一改文字，再设置到微信里。',
    suggested: { title: '微信里的 H5，签好名了', desc: '三行代码：签名、验证、分享。' },
    fields: { title: '标题', desc: '描述', link: '链接（须在安全域名下）', imgUrl: '图片' },
    set: '设置分享内容',
    done: '分享内容已设置',
    partly: '只设置成功了一部分',
    targets: { appMessage: '发给朋友', timeline: '朋友圈' },
    menu: '现在点开右上角的 ••• 菜单，转发给朋友或朋友圈，就会看到这张卡片。“成功”只表示内容已设置，微信不会告诉页面用户有没有真的分享。',
    announced: { ok: '分享内容已设置', failed: '分享内容设置失败' },
  },
  cards: {
    title: '卡券',
    lead: '领取、选择、打开。每张卡都由服务单独签名，nonce 从不重复，页面不碰密钥。',
    actions: { take: '领取卡券', gone: '领一张已领完的', choose: '选择卡券', open: '打开领到的卡' },
    empty: '点一个按钮，结果显示在这里。',
    running: '等待微信回答…',
    taken: '已领取',
    chosen: (count) => `选了 ${count} 张`,
    none: '没有选中任何卡券',
    noneChosen: '微信给出的是空列表：用户没有这种卡券，或者签名不对，微信不说是哪一种。',
    opened: '微信打开了这张卡',
    openedWhy: 'openCard 没有返回内容：用户看完后回到页面。',
    openFirst: '先领取一张',
    unconfigured: {
      what: '还没有可以领取的卡券',
      why: '没有凭证的页面只能发 publicCards 里的卡券，而配置里没有。',
      fix: '在 wx-h5.json 中给公众号加上 "publicCards": ["p…"]，里面是任何人都可以领取的 card_id。',
    },
    announced: { done: '卡券操作成功', failed: '卡券操作没有成功，页面说明了原因' },
  },
  calls: {
    title: '调用接口',
    lead: '每个按钮就是一次 weixin.call()：它会自己等到就绪，返回 Promise，取消也有明确的结果。',
    names: {
      scanQRCode: '扫一扫',
      chooseImage: '选择图片',
      getNetworkType: '网络类型',
      getLocation: '所在位置',
      hideMenuItems: '隐藏菜单项',
      showMenuItems: '恢复菜单项',
      closeWindow: '关闭页面',
      checkJsApi: '接口是否可用',
    },
    empty: '点一个按钮，结果会显示在这里。',
    states: { done: '成功', failed: '失败', running: '进行中' },
    done: (name) => `${name} 成功`,
    running: (name) => `${name}：等待微信回答…`,
  },
  faults: {
    title: '弄坏它',
    lead: '打开一个故障，页面就用全新的 weixin 重来一次，并用大白话说明发生了什么、该怎么办。',
    names: {
      wrong_ticket: {
        title: 'ticket 不对',
        lead: '微信手里的 ticket 与服务的不同，好比有别的程序偷偷刷新了它',
      },
      busy: { title: '微信繁忙（-1）', lead: '微信的服务器对每个请求都回答“系统繁忙”' },
      slow: { title: '微信很慢', lead: '微信的服务器每次都要等 3 秒才回答' },
      domain_not_bound: { title: '域名没有绑定', lead: '公众号后台没有填写“JS接口安全域名”' },
    },
    clock:
      '“繁忙”和“很慢”会把演示的时钟拨快两小时：服务手里的 ticket 因此过期，必须向微信重新获取，否则你什么也看不到。恢复时再拨快十秒，跳过服务失败后的停顿。',
    clear: '全部恢复',
    trying: '正在重新连接…',
    survived: {
      what: (ms) => `照样就绪，用时 ${seconds(ms)}`,
      why: '故障还开着，但签名成功了：多花的时间见上面的步骤。服务拿到 ticket 后会用两小时，下一位访客不会再等。',
    },
    healed: { what: (ms) => `恢复正常，用时 ${seconds(ms)}`, why: '故障已清除，页面用全新的签名再次就绪。' },
    unreachable: {
      what: '沙箱没有应答',
      why: '故障开关是沙箱的控制接口，页面没能连上它。',
      fix: '确认 npm start 仍在运行，然后重新加载页面。',
    },
  },
  log: {
    title: '调用记录',
    lead: '每一次调用：给了什么，得到什么，用了多久。点开可看全部内容。',
    outcomes: { running: '进行中', ok: '成功', cancelled: '取消', failed: '失败' },
    empty: '还没有调用。',
    clear: '清空记录',
  },
  footer: {
    sandbox: '这里的微信是模拟的：签名和验证的规则是真的，没有任何请求离开你的电脑。',
    real: '正在使用真实的公众号。',
  },
}

const en: Texts = {
  locale: 'en',
  title: 'wx-h5-kit demo: an H5 page inside WeChat',
  hero: {
    title: 'Signed, verified, ready.',
    lead: 'Everything an H5 page inside WeChat needs: the service signs its address, WeChat verifies it, and the JS-SDK works.',
    language: 'Language',
  },
  state: {
    running: () => 'Connecting to WeChat…',
    ready: (ms) => `Ready in ${seconds(ms)}`,
    failed: () => 'Not ready: see why below',
    outside: () => 'Not inside WeChat',
  },
  snippet: { title: 'The code behind this', copy: 'Copy', copied: 'Copied' },
  outside: {
    title: 'This is not WeChat',
    what: 'An ordinary browser has no WeChat bridge, so nothing is signed and no API runs. The page works all the same: every button shows the error your code would get, not_in_wechat.',
    whatWecom:
      'WeCom has signatures of its own (agentConfig); those of an official account mean nothing here. Please open the page in WeChat.',
    howSandbox: 'Open it in the simulated WeChat phone. It needs no account and no real phone:',
    howReal:
      'Send this address to a chat in WeChat and tap it, or paste it into the WeChat devtools (official account web page):',
    open: 'Open in the simulated phone',
  },
  environment: {
    title: 'Environment',
    lead: 'Where the page was opened, and so which signing rule holds. Read from the user agent; needs no signature.',
    client: 'Client',
    platform: 'System',
    version: 'Version',
    devtools: 'WeChat devtools',
    miniProgram: 'Inside a mini program',
    clients: { wechat: 'WeChat', wecom: 'WeCom', none: 'Ordinary browser' },
    platforms: {
      ios: 'iPhone / iPad',
      android: 'Android',
      harmony: 'HarmonyOS',
      windows: 'Windows',
      mac: 'macOS',
      unknown: 'Unknown',
    },
    yes: 'Yes',
    no: 'No',
    none: 'None',
  },
  signature: {
    title: 'Signature',
    lead: 'Six steps from opening the page to calling an API, and the time each of them took.',
    steps: {
      environment: { name: 'Environment', lead: 'Is this WeChat? Which system?' },
      bridge: { name: 'Bridge', lead: 'WeChat adds WeixinJSBridge to the page' },
      sdk: { name: 'SDK', lead: 'weixin-js-sdk is loaded when needed' },
      signature: { name: 'Signature', lead: 'The service signs the address of this page' },
      verify: { name: 'Verify', lead: 'WeChat checks signature and domain' },
      config: { name: 'Ready', lead: 'Every API can be called' },
    },
    rowStates: { waiting: 'waiting', running: 'under way', done: 'done', failed: 'failed' },
    refused: 'WeChat refused the first address; the other one was tried',
    url: 'Address that was signed',
    candidate: 'Which address that is',
    candidates: {
      landing: 'The one the page was opened with',
      current: 'The one the page has now',
      reported: 'The one WeChat itself named',
    },
    again: 'Run it again',
    running: 'Under way…',
  },
  failure: {
    labels: { why: 'Why', fix: 'What to do' },
    unexpected: {
      what: 'Something unexpected went wrong',
      why: 'This is no answer of WeChat or of the service: most likely a mistake in the page itself.',
    },
    codes: {
      not_in_wechat: {
        what: 'This is not WeChat',
        why: 'An ordinary browser has no bridge and would never answer, so you are told at once.',
      },
      timeout: {
        what: 'Waited too long for an answer',
        why: 'WeChat, the service or the network did not answer within the limit.',
      },
      sdk_unavailable: {
        what: 'weixin-js-sdk did not load',
        why: 'The file is missing or blocked, or the network is gone.',
      },
      service_unavailable: {
        what: 'The service gave no signature',
        why: 'It did not answer, answered badly, or could not get a ticket from WeChat itself.',
      },
      service_refused: {
        what: 'The service refused to sign',
        why: 'It does not accept this appId or this page address.',
      },
      origin_not_allowed: {
        what: 'The service does not know this domain',
        why: 'It signs only for the origins in its configuration. Otherwise any site could act in your name.',
      },
      signed_url_mismatch: {
        what: 'The service signed another address',
        why: 'Something on the way rewrote the URL. WeChat would refuse such a signature for certain.',
      },
      invalid_signature: {
        what: 'WeChat does not accept the signature',
        why: 'WeChat computed it again, from its own ticket and the address it sees, and got something else.',
      },
      url_domain_not_bound: {
        what: 'This domain is not bound to the account',
        why: "Only domains listed as JS接口安全域名 in the account's console may use the JS-SDK.",
      },
      invalid_config: {
        what: 'WeChat finds the configuration incomplete',
        why: 'The appId or the list of APIs is missing or wrong.',
      },
      require_subscribe: {
        what: 'Follow the test account first',
        why: 'A test account opens the JS-SDK only to its followers.',
      },
      permission_denied: {
        what: 'Not permitted',
        why: 'The account lacks the right to this API, or the person has just refused.',
      },
      not_verified: {
        what: 'Called before it was verified',
        why: 'The signature has not passed yet, or this API is not in jsApiList.',
      },
      not_supported: {
        what: 'This client does not know the API',
        why: 'WeChat is too old, or the system lacks the ability.',
      },
      cancelled: {
        what: 'The person cancelled',
        why: 'A normal outcome and no fault: there is nothing to repair.',
      },
      invalid_argument: {
        what: 'Something given was wrong',
        why: 'It was stopped before it reached WeChat, because it could never work.',
      },
      auth_info_missing: {
        what: 'The address names nobody',
        why: 'The visitor did not come from WeChat: the page has not asked yet who is looking.',
      },
      auth_info_invalid: {
        what: 'The identity in the address is unusable',
        why: 'It was changed or cut, or a name stands there twice with different values. The page does not guess.',
      },
      snapshot_user: {
        what: 'A snapshot page: this visitor is made up',
        why: 'WeChat opened a snapshot of the page with an invented person. The service hands out no such identity and keeps none.',
      },
      access_denied: {
        what: 'The visitor said no',
        why: 'WeChat asked for permission and the person refused, as anybody may.',
      },
      login_loop: {
        what: 'Been to WeChat, came back as nobody',
        why: 'Perhaps the person refused there, or left half-way. The page does not go a second time by itself, or it would go back and forth for ever.',
      },
      card_failed: {
        what: 'WeChat gave no card',
        why: 'It showed the person why on its own screen; the page only learns that it did not work.',
      },
      bad_native_answer: {
        what: "WeChat's answer makes no sense",
        why: 'It answered, but not in the shape of this API, and the page does not guess.',
      },
      page_left: {
        what: 'The page was left meanwhile',
        why: 'The person went away while WeChat was being asked, so this call has no outcome.',
      },
      failed: { what: 'WeChat says it failed', why: 'WeChat explains no further; its own words are below.' },
    },
    problems: {
      wechat_busy: {
        what: 'WeChat is busy, so there is no ticket',
        why: 'A signature needs a ticket. The service asked WeChat for a new one, and WeChat answered -1, "system busy", several times over.',
        fix: 'Wait a moment and try again. A ticket lasts two hours, so visitors rarely notice when WeChat is busy for a while.',
      },
      wechat_unreachable: {
        what: 'The service cannot reach WeChat',
        why: 'The service asked WeChat for a new ticket and got no answer within its limit.',
        fix: 'Check that the server can reach api.weixin.qq.com (DNS, firewall, proxy), then try again.',
      },
      wechat_refused: {
        what: 'WeChat refused the service',
        why: "The service asked for a ticket with the account's credentials, and WeChat said no.",
        fix: "Check appId and appSecret, and add the server's address to the IP white list; /readyz of the service says which it is.",
      },
      wechat_bad_answer: {
        what: "The service could not make sense of WeChat's answer",
        why: "A proxy or gateway in between answered with something else than WeChat's JSON.",
        fix: "Look up the request id in the service's log, and check the proxy between server and WeChat.",
      },
      rate_limited: {
        what: 'Too many requests',
        why: 'One address asked for too many signatures in a short time.',
        fix: "Wait a moment and try again; rateLimits in the service's configuration sets the limit.",
      },
    },
  },
  who: {
    title: 'Who is looking',
    lead: 'The page asks WeChat who is looking, and its own backend makes sure.',
    scopes: {
      snsapi_base: {
        button: 'Recognise silently',
        lead: 'Asks the visitor nothing and gives the openid at once. snsapi_base',
      },
      snsapi_userinfo: {
        button: 'Recognise with profile',
        lead: 'WeChat asks the visitor first; then unionid and unified user come too. snsapi_userinfo',
      },
    },
    asking: 'Asking the backend whether it knows this browser…',
    leaving: 'Leaving for WeChat…',
    unconfigured: {
      what: 'Signing in is not configured yet',
      why: 'The configuration gives this account no port (portIds), so authInfo cannot tell which account is meant.',
      fix: 'In wx-h5.json set publicUrl, give the account "portIds": [4] and "redirects": ["the address of this page"], and add a client with the scope "identity". The console of the account needs the domain of the service as 网页授权域名, too.',
    },
    noBackend:
      'This run has no example backend: the configuration lacks a client with the scope "identity". The page can learn who is looking, but nobody can verify it.',
    signedOut: 'Signed out: the backend has forgotten the session.',
    steps: {
      hint: {
        name: 'The address says who it is',
        lead: 'Only a hint: anybody can write such a link, so it signs nobody in. The page has taken it out of the address bar.',
      },
      ticket: {
        name: 'The backend gets a ticket',
        lead: 'POST api/session. A ticket works once, within 60 seconds.',
      },
      verified: {
        name: 'The backend verifies it',
        lead: 'It trades the ticket at the service for the true identity, and opens its own session: an HttpOnly cookie that no script can read.',
      },
    },
    noTicket: 'The address has no ticket, so there is nothing to verify: the backend believes none of it.',
    notVerified: 'The backend does not know this visitor.',
    hello: (openid) => `Hello, ${openid}`,
    verified: 'Verified by the backend',
    known:
      'No trip to WeChat this time: the session is still there, and its HttpOnly cookie told the backend who you are.',
    absent: {
      scope: 'none: asked silently, there is only an openid',
      not_bound: 'none: the account is bound to no open platform',
    },
    again: 'Not you? Ask WeChat again',
    signOut: 'Sign out',
    redeemAgain: 'Hand in the same ticket again',
    refusals: {
      ticket_invalid: {
        what: 'Bad ticket: the backend let nobody in',
        why: 'This ticket was used before, is older than 60 seconds, or never came from the service. Whoever finds an old link can do nothing with it.',
        fix: 'Go through WeChat once more for a new ticket.',
      },
      other: {
        what: 'The backend could not verify it',
        why: "The page's backend did not answer, or could not reach the service that issues tickets. The visitor did nothing wrong.",
        fix: 'Look into the logs of backend and service, and try again in a moment.',
      },
    },
    announced: {
      verified: 'The backend has verified the visitor',
      failed: 'The visitor is not recognised; the page says why',
    },
  },
  share: {
    title: 'Share',
    lead: 'The card your friends see. Change the words, then hand them to WeChat.',
    suggested: { title: 'My H5 page in WeChat, signed', desc: 'Three lines of code: sign, verify, share.' },
    fields: { title: 'Title', desc: 'Description', link: 'Link (on a bound domain)', imgUrl: 'Image' },
    set: 'Set share data',
    done: 'Share data is set',
    partly: 'Only part of it was set',
    targets: { appMessage: 'To a chat', timeline: 'To Moments' },
    menu: 'Now open the ••• menu at the top right and send the page to a chat or to Moments: you will see this card. "Worked" means the data is set; WeChat never tells a page whether somebody really shared it.',
    announced: { ok: 'Share data is set', failed: 'Share data could not be set' },
  },
  cards: {
    title: 'Cards',
    lead: 'Take one, choose one, open one. The service signs every card by itself with a nonce that is never used twice; the page sees no secret.',
    actions: {
      take: 'Take a card',
      gone: 'Take one that is gone',
      choose: 'Choose a card',
      open: 'Open the one taken',
    },
    empty: 'Press a button; its result appears here.',
    running: 'Waiting for WeChat…',
    taken: 'Taken',
    chosen: (count) => (count === 1 ? 'One card chosen' : `${count} cards chosen`),
    none: 'No card was chosen',
    noneChosen:
      'WeChat answered an empty list: the person has no such card, or the signature is wrong. WeChat does not say which.',
    opened: 'WeChat opened the card',
    openedWhy: 'openCard gives nothing back: the person looks at the card and returns to the page.',
    openFirst: 'Take one first',
    unconfigured: {
      what: 'There is no card to offer yet',
      why: 'A page without credentials may offer only publicCards, and the configuration has none.',
      fix: 'In wx-h5.json give the account "publicCards": ["p…"], with the card_ids that anybody may have.',
    },
    announced: { done: 'The card call worked', failed: 'The card call did not work; the page says why' },
  },
  calls: {
    title: 'Calls',
    lead: 'Each button is one weixin.call(): it waits for ready by itself, returns a promise, and tells cancelling from failing.',
    names: {
      scanQRCode: 'Scan code',
      chooseImage: 'Pictures',
      getNetworkType: 'Network',
      getLocation: 'Location',
      hideMenuItems: 'Hide menu',
      showMenuItems: 'Show menu',
      closeWindow: 'Close page',
      checkJsApi: 'Check APIs',
    },
    empty: 'Press a button; its result appears here.',
    states: { done: 'worked', failed: 'failed', running: 'under way' },
    done: (name) => `${name} worked`,
    running: (name) => `${name}: waiting for WeChat…`,
  },
  faults: {
    title: 'Break it',
    lead: 'Switch on a fault. The page starts over with a fresh weixin and says in plain words what happened and what to do.',
    names: {
      wrong_ticket: {
        title: 'Wrong ticket',
        lead: 'WeChat holds another ticket than the service, as when some other program refreshed it',
      },
      busy: {
        title: 'WeChat is busy (-1)',
        lead: `WeChat's server answers every request with "system busy"`,
      },
      slow: { title: 'WeChat is slow', lead: "WeChat's server takes 3 seconds for every answer" },
      domain_not_bound: { title: 'Domain not bound', lead: "The account's console lists no JS-safe domain" },
    },
    clock: `"Busy" and "slow" put the demo's clock forward by two hours: the ticket in the service runs out and it must ask WeChat again. Otherwise you would notice nothing. Repairing moves it ten more seconds, past the pause the service makes after a failure.`,
    clear: 'Repair everything',
    trying: 'Connecting again…',
    survived: {
      what: (ms) => `Ready all the same, in ${seconds(ms)}`,
      why: 'The fault is still on, yet the signature worked: the steps above show where the time went. The service keeps the ticket for two hours, so the next visitor does not wait.',
    },
    healed: {
      what: (ms) => `Well again, in ${seconds(ms)}`,
      why: 'The faults are gone, and the page is ready with a fresh signature.',
    },
    unreachable: {
      what: 'The sandbox does not answer',
      why: "The switches use the sandbox's control API, and the page could not reach it.",
      fix: 'See that npm start is still running, then reload the page.',
    },
  },
  log: {
    title: 'Log',
    lead: 'Every call: what was given, what came back, how long it took. Open one to see all of it.',
    outcomes: { running: 'under way', ok: 'worked', cancelled: 'cancelled', failed: 'failed' },
    empty: 'No calls yet.',
    clear: 'Clear the log',
  },
  footer: {
    sandbox:
      'This WeChat is simulated: the rules of signing and verifying are real, and no request leaves your machine.',
    real: 'Running against a real account.',
  },
}

export const texts = { zh, en }
