/** What to write when a command needs an account and there is none. */
export const nothingConfigured = (command: string): string[] => [
  `No configuration: wx-h5 ${command} needs an account. Write a file such as wx-h5.json`,
  '',
  '  {',
  '    "accounts": [{',
  '      "appId": "wx0123456789abcdef",',
  '      "appSecret": "env:WX_APP_SECRET",',
  '      "pageOrigins": ["https://h5.example.com"]',
  '    }]',
  '  }',
  '',
  `and start with: wx-h5 ${command} --config wx-h5.json`,
  'or set WX_APP_ID, WX_APP_SECRET and WX_PAGE_ORIGINS (and WX_PUBLIC_URL, WX_REDIRECTS, WX_API_HOSTS if needed).',
  'To look around without an account: wx-h5 demo',
]
