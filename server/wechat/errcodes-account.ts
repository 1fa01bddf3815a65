import type { ErrcodeRow } from './errcode-row.ts'

/** Rights of the account, messages to followers, customer service. */
export const accountErrcodes: readonly ErrcodeRow[] = [
  [
    40032,
    'invalid_openid_list_size',
    'never',
    'The list of openids is too long or too short for this API.',
    'openid 列表的数量不符合该接口的要求。',
  ],
  [40036, 'invalid_template_id_size', 'never', 'The template id has a wrong length.', '模板 ID 长度不正确。'],
  [
    40037,
    'invalid_template_id',
    'never',
    'The account has no template with this id: copy the id from the list of templates at mp.weixin.qq.com.',
    '该账号没有此模板 ID：请从 mp.weixin.qq.com 的模板列表复制。',
  ],
  [
    43100,
    'template_changed_too_often',
    'later',
    'The industry or the templates of the account were changed too often: they can be changed once a month.',
    '账号所属行业或模板修改过于频繁：每月只能修改一次。',
  ],
  [
    45015,
    'reply_window_closed',
    'never',
    'The person has not written to the account in the last 48 hours, or no longer follows it: only then may a message be sent.',
    '用户最近 48 小时内没有与账号互动，或已取消关注，因此不能发送消息。',
  ],
  [
    45047,
    'reply_count_reached',
    'later',
    'Too many messages to this person since the person last wrote: wait until the person writes again.',
    '自用户上次互动以来下发的消息条数已达上限：请等待用户再次互动。',
  ],
  [
    48001,
    'api_unauthorized',
    'never',
    'The account has no right to this API; it may need verification or be a subscription account. See Interface permissions at mp.weixin.qq.com.',
    '该账号没有此接口权限，可能未认证或为订阅号。请在 mp.weixin.qq.com「接口权限」中查看。',
  ],
  [
    48002,
    'messages_blocked_by_user',
    'never',
    'The person has switched off messages of this account.',
    '用户已关闭接收该账号的消息。',
  ],
  [
    48004,
    'api_forbidden_for_irregularities',
    'never',
    'WeChat has taken this API away from the account for a violation: see the notices at mp.weixin.qq.com.',
    '该接口因违规被微信封禁：请登录 mp.weixin.qq.com 查看通知。',
  ],
  [
    61450,
    'customer_service_system_error',
    'backoff',
    "WeChat's customer service system has a problem: try again in a moment.",
    '微信客服系统错误：请稍后重试。',
  ],
  [
    61452,
    'invalid_customer_service_account',
    'never',
    'The name of the customer service account is wrong: it has the form name@account.',
    '客服账号格式错误：应为「名称@微信号」。',
  ],
]
