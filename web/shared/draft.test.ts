import { describe, expect, it } from 'vitest'
import { drop, load, save, type Store } from './draft'

function memory(): Store & { rows: Map<string, string> } {
  const rows = new Map<string, string>()
  return { rows, getItem: (k) => rows.get(k) ?? null, setItem: (k, v) => void rows.set(k, v), removeItem: (k) => void rows.delete(k) }
}

describe('draft', () => {
  it('survives a reload: what was saved is loaded by a new page', () => {
    const store = memory()
    save('ask', { question: '房东不退押金', step: 2 }, store)
    expect(load('ask', { question: '', step: 1 }, store)).toEqual({ question: '房东不退押金', step: 2 })
  })
  it('is gone when dropped', () => {
    const store = memory()
    save('ask', { step: 3 }, store)
    drop('ask', store)
    expect(load('ask', { step: 1 }, store)).toEqual({ step: 1 })
  })
  it('ignores what an older page or a stranger left', () => {
    const store = memory()
    save('ask', { step: 'two', extra: 1, question: 'x' }, store)
    expect(load('ask', { step: 1, question: '' }, store)).toEqual({ step: 1, question: 'x' })
    store.rows.set('mingfa.draft.ask', '{broken')
    expect(load('ask', { step: 1 }, store)).toEqual({ step: 1 })
  })
  it('works without storage', () => {
    const refusing: Store = {
      getItem: () => { throw new Error('denied') },
      setItem: () => { throw new Error('full') },
      removeItem: () => { throw new Error('denied') },
    }
    expect(() => save('ask', { step: 2 }, refusing)).not.toThrow()
    expect(() => drop('ask', refusing)).not.toThrow()
    expect(load('ask', { step: 1 }, refusing)).toEqual({ step: 1 })
  })
})
