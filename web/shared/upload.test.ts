import { describe, expect, it } from 'vitest'
import { atOnce, choose, fileOf, isPicture, maxBytes, settle, weight, type Pending } from './upload'

const file = (name: string, size: number) => {
  const f = new File([], name)
  Object.defineProperty(f, 'size', { value: size })
  return f
}

describe('choosing files', () => {
  it('takes 20 MB and not a byte more, and nothing that is empty', () => {
    const { list, wrong } = choose([], [file('a.png', maxBytes), file('b.png', maxBytes + 1), file('c.png', 0)])
    expect(list.map((p) => p.name)).toEqual(['a.png'])
    expect(wrong).toEqual([
      { name: 'b.png', why: 'too_large' },
      { name: 'c.png', why: 'empty' },
    ])
    expect(fileOf(list[0]!.id)?.name).toBe('a.png')
  })
  it('takes ten at once', () => {
    const ten = choose([], Array.from({ length: atOnce }, (_, i) => file(`${i}.png`, 1))).list
    expect(new Set(ten.map((p) => p.id)).size).toBe(atOnce)
    expect(choose(ten, [file('more.png', 1)])).toEqual({ list: ten, wrong: [{ name: 'more.png', why: 'too_many' }] })
  })
})

describe('settling', () => {
  const done: Pending = { id: 'a', name: 'a.png', size: 1, kind: 'png' }
  it('names what was uploaded', async () => {
    expect(await settle('o', [done], () => {})).toEqual([{ id: 'a', name: 'a.png' }])
  })
  it('refuses a file that the page does not have any more', async () => {
    await expect(settle('o', [done, { ...done, id: 'b', kind: '' }], () => {})).rejects.toMatchObject({ status: 410, message: 'a.png' })
  })
})

it('tells sizes and pictures', () => {
  expect([1, 2048, 3 << 20].map(weight)).toEqual(['1 KB', '2 KB', '3.0 MB'])
  expect(['png', 'pdf', ''].map(isPicture)).toEqual([true, false, false])
})
