import { describe, expect, it } from 'vitest'
import { blank, shapeOf } from './value'

describe('a value of a setting', () => {
  it('is shown by its own shape', () => {
    expect([1, true, 'x', null, [], {}].map(shapeOf)).toEqual(['number', 'boolean', 'text', 'text', 'list', 'group'])
  })
  it('grows by an empty one of the same shape', () => {
    expect(blank({ code: 'a', fatal: true, text: { en: 'b' }, days: [1] })).toEqual({ code: '', fatal: false, text: { en: '' }, days: [] })
    expect(blank('12356')).toBe('')
    expect(blank(7)).toBe(0)
  })
})
