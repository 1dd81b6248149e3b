import { describe, expect, it } from 'vitest'
import { enough, own } from './length'

// req: B6.2.1.2b own text exceeds 50 characters, counted by Unicode
describe('own length', () => {
  it.each([
    ['', 0],
    ['  。，！？……——', 0],
    ['你好，世界！', 4],
    ['𠮷野家', 3], // extension B: one character, two UTF-16 units
    ['第577条', 3],
    ["Don't sign it. It isn't valid", 6],
    ['3.5 and 10,000', 3],
    ['3.5.', 1],
    ['rock ’n’ roll', 3],
    ['café', 1],
    ['café', 1],
    ['合同法contract无效', 6],
    ['々〇', 2],
    ['😀👍', 0],
    ['①', 0],
  ])('%s', (text, n) => expect(own(text)).toBe(n))

  it('50 is not enough, 51 is', () => {
    expect(own('字'.repeat(50))).toBeLessThan(enough)
    expect(own('字，'.repeat(51))).toBe(enough)
  })
})
