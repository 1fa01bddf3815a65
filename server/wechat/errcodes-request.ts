import type { ErrcodeRow } from './errcode-row.ts'

/** Requests that WeChat cannot read or does not take in this form. */
export const requestErrcodes: readonly ErrcodeRow[] = [
  [
    40097,
    'invalid_arguments',
    'never',
    'WeChat does not accept a parameter, for example the type of ticket: it must be jsapi or wx_card.',
    '微信不接受某个参数，例如 ticket 的 type：只能是 jsapi 或 wx_card。',
  ],
  [
    43001,
    'get_required',
    'never',
    'WeChat wants GET here; a proxy may have changed the method.',
    '该接口需要 GET 请求；可能是代理改动了请求方法。',
  ],
  [
    43002,
    'post_required',
    'never',
    'WeChat wants POST here; a proxy or a redirect may have changed the method.',
    '该接口需要 POST 请求；可能是代理或重定向改动了请求方法。',
  ],
  [
    43003,
    'https_required',
    'never',
    'WeChat wants https: write https:// in wechat.apiHosts (WX_API_HOSTS).',
    '该接口需要 https：请在 wechat.apiHosts（WX_API_HOSTS）中使用 https://。',
  ],
  [
    44002,
    'empty_body',
    'never',
    'The body of the request was empty when it reached WeChat; a proxy may have dropped it.',
    '请求到达微信时请求体为空；可能是代理丢弃了请求体。',
  ],
  [
    47001,
    'malformed_body',
    'never',
    'WeChat cannot read the body of the request: it must be JSON in UTF-8 with the field types of the document.',
    '微信无法解析请求体：必须是 UTF-8 编码的 JSON，字段类型与文档一致。',
  ],
  [
    47003,
    'invalid_argument',
    'never',
    'WeChat does not accept the value of a field: compare the fields with the document of this API.',
    '微信不接受某个字段的值：请对照该接口的文档检查。',
  ],
  [
    61500,
    'date_format_error',
    'never',
    'WeChat wants dates in the form 2025-01-31.',
    '日期格式错误：应为 2025-01-31 这样的格式。',
  ],
  [
    61501,
    'date_range_error',
    'never',
    'The range of dates is too long for this API, ends before it begins, or reaches into today.',
    '日期范围错误：跨度过大、结束早于开始，或包含了当天。',
  ],
  [
    76003,
    'invalid_cgi_path',
    'never',
    'WeChat does not know this API path: write it as /cgi-bin/… without host and query.',
    '微信不认识该接口路径：请写成 /cgi-bin/…，不带域名和参数。',
  ],
]
