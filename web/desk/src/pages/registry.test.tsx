import { describe, expect, it } from 'vitest'
import type { Me, Role } from '../../../shared/types'
import { entries, entriesOf, groups, home } from '.'

const someone = (...roles: Role[]): Me => ({ id: '1', roles, org: { id: '1', name: '', level: 'city' }, language: 'en', unread: 0 })

describe('the registry of pages', () => {
  it('has each entry in a group, named in three languages', () => {
    for (const { name } of [...groups, ...entries]) {
      expect(name.every((n) => n.trim() !== ''), name[2]).toBe(true)
      expect(name[2]).not.toMatch(/\p{Script=Han}/u)
    }
    expect(entries.every((e) => groups.some((g) => g.group === e.group))).toBe(true)
    expect(entries.every((e) => /^\/[a-z/-]+$/.test(e.path) && e.roles.length > 0)).toBe(true)
  })
  it('gives one page for one address', () => {
    for (const roles of [['lawyer'], ['operations'], ['quality'], ['bureau'], ['administrator'], ['lawyer', 'operations']] as Role[][]) {
      const paths = entriesOf(someone(...roles)).map((e) => e.path)
      expect(new Set(paths).size, roles.join()).toBe(paths.length)
      expect(paths).toContain(home(someone(...roles)))
    }
  })
  it('leads each role to its work', () => {
    expect(home(someone('lawyer'))).toBe('/queue')
    expect(home(someone('operations'))).toBe('/board')
    expect(home(someone('administrator'))).toBe('/settings')
    expect(home(someone('citizen'))).toBe('/')
  })
  it('shows operations all orders, also when they are lawyers too', () => {
    const found = entriesOf(someone('lawyer', 'operations')).filter((e) => e.path === '/orders')
    expect(found.map((e) => e.hidden)).toEqual([undefined])
  })
})
