/** A fenced block of a document. */
export interface CodeBlock {
  readonly language: string
  readonly code: string
  /** Line of the document, from 1. */
  readonly line: number
}

export interface Heading {
  readonly level: number
  readonly text: string
}

/** A table: its header, and below it the cells of each row. */
export interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** All fenced blocks, in their order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks = markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)
  return [...blocks].map(({ 1: language = '', 2: code = '', index }) => ({
    language,
    code,
    line: markdown.slice(0, index).split('\n').length,
  }))
}

/** All headings, in their order. */
export function headings(markdown: string): Heading[] {
  const lines = withoutCode(markdown).matchAll(/^(#+) (.+)$/gm)
  return [...lines].map(({ 1: marks = '', 2: text = '' }) => ({ level: marks.length, text }))
}

/** All tables, in their order. */
export function tables(markdown: string): Table[] {
  const found = withoutCode(markdown).matchAll(/^\|.*\|\n\|[-|]+\|\n(?:\|.*\|\n)+/gm)
  return [...found].map(([text]) => {
    const [header = [], , ...rows] = text.trimEnd().split('\n').map(cells)
    return { header, rows }
  })
}

/** What stands in backticks, outside of fenced blocks. */
export function codeSpans(text: string): string[] {
  return [...withoutCode(text).matchAll(/`([^`\n]+)`/g)].map(({ 1: span = '' }) => span)
}

/** Targets of all links and images. */
export function linkTargets(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(({ 1: target = '' }) => target)
}

/** The anchor that GitHub gives a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```\w*\n.*?^```$/gms, '')
}

function cells(row: string): string[] {
  return row
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())
}
