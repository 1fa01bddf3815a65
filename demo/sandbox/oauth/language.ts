/** Chinese unless the browser puts another language first. */
export function chineseFirst(headers: Headers): boolean {
  const [first = ''] = (headers.get('accept-language') ?? '').split(',')
  return first.trim() === '' || /^(zh|\*)/i.test(first.trim())
}
