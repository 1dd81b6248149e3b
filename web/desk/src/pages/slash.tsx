// A text field in which "/" opens the saved replies: the list narrows while one types,
// arrows choose, Enter or Tab puts in, Escape leaves it as it was written.

import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import * as api from '../../../shared/api'
import type { Saved } from '../../../shared/types'
import { useLoad } from '../app'
import { Input } from '../controls'
import type { Aria } from '../parts'
import { useWords, type DeskKey } from './desktexts'
import { asked, fitting, inserted, isMacro, resolve, type Values } from './saved'

interface Props extends Aria {
  field: 'text' | 'judgement'
  rows: number
  value: string
  values: Values
  onChange: (text: string) => void
  /** the other parts of a macro */
  onMacro?: ((s: Saved) => void) | undefined
}

export function SlashText({ field, rows, value, values, onChange, onMacro, ...aria }: Props) {
  const w = useWords()
  const list = useId()
  const ref = useRef<HTMLTextAreaElement>(null)
  const [caret, setCaret] = useState(0)
  const [closed, setClosed] = useState(-1) // the "/" whose list was closed by Escape
  const [at, setAt] = useState(0)
  const [put, setPut] = useState<number>() // where the caret goes after putting in
  const here = asked(value, caret)
  const open = here !== undefined && here.from !== closed
  const all = useLoad(['saved'], api.savedReplies, 0, open)
  const items = open ? fitting(all.data?.items ?? [], here.words) : []
  useEffect(() => setAt(0), [here?.words])
  useLayoutEffect(() => {
    if (put === undefined) return
    ref.current?.setSelectionRange(put, put)
    setCaret(put)
    setPut(undefined)
  }, [put])
  const take = (s: Saved) => {
    if (!here) return
    const words = inserted(s, field, values)
    onChange(value.slice(0, here.from) + words + value.slice(caret))
    setPut(here.from + words.length)
    if (isMacro(s)) onMacro?.(s)
    ref.current?.focus()
  }
  const onKey = (e: KeyboardEvent) => {
    if (!open || e.nativeEvent.isComposing) return
    const item = items[at]
    if (e.key === 'ArrowDown') setAt(Math.min(at + 1, items.length - 1))
    else if (e.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (e.key === 'Escape') setClosed(here.from)
    else if ((e.key === 'Enter' || e.key === 'Tab') && item && !e.ctrlKey && !e.metaKey && !e.shiftKey) take(item)
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  const see = () => setCaret(ref.current?.selectionStart ?? 0)
  return (
    <div className="slash">
      <Input.TextArea
        {...aria}
        ref={ref}
        rows={rows}
        value={value}
        aria-autocomplete="list"
        aria-controls={list}
        aria-activedescendant={items.length > 0 ? `${list}-${at}` : undefined}
        onChange={(e) => {
          setCaret(e.target.selectionStart)
          if (asked(e.target.value, e.target.selectionStart)?.from !== closed) setClosed(-1)
          onChange(e.target.value)
        }}
        onKeyDown={onKey}
        onKeyUp={see}
        onClick={see}
        onBlur={() => setCaret(0)}
      />
      <ul className="saved-list" role="listbox" id={list} aria-label={w('saved_title')} hidden={items.length === 0}>
        {items.map((s, i) => (
          <Row key={s.id} id={`${list}-${i}`} s={s} on={i === at} values={values} take={() => take(s)} />
        ))}
      </ul>
      <span className="unseen" role="status">
        {open && all.data && (items.length ? w('slash_found', { n: items.length }) : w('slash_none'))}
      </span>
    </div>
  )
}

function Row({ id, s, on, values, take }: { id: string; s: Saved; on: boolean; values: Values; take: () => void }) {
  const w = useWords()
  useEffect(() => {
    if (on) document.getElementById(id)?.scrollIntoView({ block: 'nearest' })
  }, [on, id])
  return (
    <li id={id} role="option" aria-selected={on} onMouseDown={(e) => e.preventDefault()} onClick={take}>
      <b>{s.title}</b> {s.keyword && <kbd>{s.keyword}</kbd>} {s.shared && <span className="state closed">{w('saved_shared')}</span>}
      <span className="hint clip">{resolve(s.text || s.judgement || '', values)}</span>
      <Fills s={s} />
    </li>
  )
}

/** What a macro fills in besides text. */
export function Fills({ s }: { s: Saved }) {
  const w = useWords()
  const parts = ([s.judgement && 'part_judgement', s.basis?.length && 'part_basis', s.advice?.length && 'part_advice'] as (DeskKey | '' | 0 | undefined)[]).filter(Boolean) as DeskKey[]
  return parts.length ? <small className="hint">{w('saved_parts', { list: parts.map((p) => w(p)).join(' · ') })}</small> : null
}
