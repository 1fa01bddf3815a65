export interface Words {
  title: string
  close: string
  environment: string
  client: string
  platform: string
  miniProgram: string
  yes: string
  no: string
  addresses: string
  landing: string
  current: string
  reported: string
  preferred: string
  verifications: string
  none: string
  accepted: string
  refused: string
  steps: string
  signed: string
  hidden: string
  errors: string
}

const english: Words = {
  title: 'wx-h5-kit debug panel',
  close: 'Close',
  environment: 'Environment',
  client: 'client',
  platform: 'system',
  miniProgram: 'mini program',
  yes: 'yes',
  no: 'no',
  addresses: 'Candidates for the signature',
  landing: 'landing',
  current: 'current',
  reported: 'named by WeChat',
  preferred: 'accepted last',
  verifications: 'Verifications',
  none: 'None yet.',
  accepted: 'accepted',
  refused: 'refused',
  steps: 'Other steps',
  signed: 'What was signed',
  hidden: '(secret)',
  errors: 'Errors',
}

const chinese: Words = {
  title: 'wx-h5-kit 调试面板',
  close: '关闭',
  environment: '运行环境',
  client: '客户端',
  platform: '系统',
  miniProgram: '小程序',
  yes: '是',
  no: '否',
  addresses: '签名候选地址',
  landing: '首次进入',
  current: '当前',
  reported: '微信指出',
  preferred: '最近通过',
  verifications: '验证记录',
  none: '暂无。',
  accepted: '通过',
  refused: '拒绝',
  steps: '其他步骤',
  signed: '被签名的内容',
  hidden: '(保密)',
  errors: '错误',
}

/** The words of the panel in the language of the browser. */
export const words = (language: string): Words => (/^zh\b/i.test(language) ? chinese : english)
