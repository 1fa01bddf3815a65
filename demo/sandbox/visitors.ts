import type { SandboxVisitor } from './oauth-types.ts'

/**
 * The visitors a sandbox has when none are handed in; the first one looks first.
 *
 * `follower` is let through without a question, `link-follower` and `stranger` see the consent page, `no-unionid`
 * follows an account that shows no unionid, `snapshot` is a made-up person on a snapshot page, `refuser` says no.
 *
 * @example
 * const sandbox = createSandbox({ visitor: 'stranger' })
 * const ids = builtInVisitors.map(({ id }) => sandbox.identityOf(id).openid)
 */
export const builtInVisitors: readonly SandboxVisitor[] = [
  {
    id: 'follower',
    name: '已关注，从公众号进入 · Follower, from the chat',
    nickname: '林小满',
    headimgurl: '/mmopen/vi_32/follower/132',
    follower: true,
    unionid: true,
  },
  {
    id: 'link-follower',
    name: '已关注，从链接进入 · Follower, from a link',
    nickname: '周一诺',
    headimgurl: '/mmopen/vi_32/link-follower/132',
    follower: true,
    enteredFrom: 'link',
    unionid: true,
  },
  {
    id: 'stranger',
    name: '未关注 · Stranger',
    nickname: 'Ada',
    headimgurl: '/mmopen/vi_32/stranger/132',
    follower: false,
    unionid: true,
  },
  {
    id: 'no-unionid',
    name: '没有 unionid · Without unionid',
    nickname: '陈默',
    headimgurl: '',
    follower: true,
    unionid: false,
  },
  {
    id: 'snapshot',
    name: '快照页 · Snapshot page',
    nickname: '许知远',
    headimgurl: '/mmopen/vi_32/snapshot/132',
    follower: false,
    unionid: true,
    snapshot: true,
  },
  {
    id: 'refuser',
    name: '拒绝授权 · Refuses',
    nickname: '何必问',
    headimgurl: '/mmopen/vi_32/refuser/132',
    follower: false,
    unionid: true,
    refuses: true,
  },
]
