/** Readable on any page, by day and by night; nothing of the page's own style comes in. */
export const style = `
:host { all: initial; color-scheme: light dark }
.panel { --paper: #fff; --ink: #1c1f23; --soft: #6a7077; --line: #e4e7ea; --box: #f4f6f8; --ok: #06803f; --bad: #c4320a;
  position: fixed; z-index: 2147483647; inset: auto 8px 8px; max-width: 640px; max-height: 70vh; margin: 0 auto;
  display: flex; flex-direction: column; overflow: hidden; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 14px; box-shadow: 0 8px 40px #0004;
  font: 13px/1.5 -apple-system, "PingFang SC", "Helvetica Neue", "Noto Sans CJK SC", sans-serif }
@media (prefers-color-scheme: dark) {
  .panel { --paper: #1b1d20; --ink: #eceef0; --soft: #9aa1a9; --line: #34383d; --box: #26292d; --ok: #4cc38a; --bad: #ff8d6b } }
header { display: flex; align-items: center; justify-content: space-between; padding: 6px 6px 6px 16px;
  border-bottom: 1px solid var(--line) }
h1 { margin: 0; font-size: 15px; font-weight: 600 }
button { width: 44px; height: 44px; border: 0; border-radius: 10px; font-size: 24px; line-height: 1; color: var(--soft);
  background: none; cursor: pointer }
button:hover { background: var(--box) }
button:focus-visible, summary:focus-visible { outline: 2px solid var(--ok); outline-offset: -2px }
.body { overflow: auto; overscroll-behavior: contain; padding: 0 16px 16px }
h2 { margin: 16px 0 6px; font-size: 12px; font-weight: 600; color: var(--soft) }
ol { margin: 0; padding: 0; list-style: none }
li { padding: 8px 12px; margin: 0 0 6px; border-radius: 10px; background: var(--box) }
b { margin-right: 8px; font-weight: 600 }
.ok > b { color: var(--ok) } .ok > b::before { content: "✓ " }
.bad > b { color: var(--bad) } .bad > b::before { content: "✕ " }
i, .none { color: var(--soft); font-style: normal }
p { margin: 4px 0 0 } .none { margin: 0 }
code { display: block; margin-top: 4px; font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere }
summary { margin-top: 4px; padding: 4px 0; color: var(--soft); cursor: pointer }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0 }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
details dd { font: 12px/1.6 ui-monospace, Menlo, Consolas, monospace }`
