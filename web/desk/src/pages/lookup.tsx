// The look-up of statutes beside the legal basis: type, walk with the arrows,
// Enter or a click cites. A combobox in the sense of ARIA. (B6.2.1.2d)

import { useEffect, useId, useState, type KeyboardEvent } from 'react'
import * as api from '../../../shared/api'
import type { Statute } from '../../../shared/types'
import { useLoad, useSay } from '../app'
import { Input } from '../controls'
import { excerpt, pieces } from './highlight'
import { Problem } from '../parts'

const rest = 250 // ms without a key before the server is asked
const most = 100 // characters that the server reads

export function LookUp({ cite }: { cite: (law: string, article: string) => void }) {
  const t = useSay()
  const id = useId()
  const [words, setWords] = useState('')
  const [asked, setAsked] = useState('')
  const [at, setAt] = useState(0)
  const [cited, setCited] = useState('')
  const typed = words.trim()
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), rest)
    return () => clearTimeout(timer)
  }, [typed])
  useEffect(() => setAt(0), [asked])
  const found = useLoad(['statutes', asked], () => api.statutes({ q: asked, limit: 10 }), 0, asked !== '')
  const fresh = asked !== '' && asked === typed
  const items = (fresh && found.data?.items) || []
  const take = (s: Statute) => {
    cite(s.law, s.article)
    setCited(`${s.law} ${s.article}`)
    setWords('')
    setAsked('')
  }
  const onKey = (e: KeyboardEvent) => {
    const item = items[at]
    if (e.key === 'Enter') {
      if (e.nativeEvent.isComposing) return // the Enter that ends an input method
      if (fresh && item) take(item)
      else setAsked(typed)
    } else if (e.key === 'ArrowDown') setAt(Math.min(at + 1, items.length - 1))
    else if (e.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (e.key === 'Escape' && typed) setWords('')
    else return
    e.preventDefault() // Enter must not send the answer
  }
  return (
    <div className="lookup">
      <label htmlFor={id}>{t('look_up')}</label>
      <Input
        id={id}
        type="text"
        role="combobox"
        autoComplete="off"
        maxLength={most}
        aria-autocomplete="list"
        aria-expanded={items.length > 0}
        aria-controls={id + '-list'}
        aria-activedescendant={items.length > 0 ? `${id}-${at}` : undefined}
        aria-describedby={id + '-hint'}
        placeholder={t('look_up_hint')}
        value={words}
        onChange={(e) => {
          setWords(e.target.value)
          setCited('')
        }}
        onKeyDown={onKey}
      />
      <p className="hint" id={id + '-hint'}>
        {t('look_up_keys')}
      </p>
      <ul className="statutes" role="listbox" id={id + '-list'} aria-label={t('look_up')} hidden={items.length === 0}>
        {items.map((s, i) => (
          <Row key={s.law + '\n' + s.article} id={`${id}-${i}`} s={s} on={i === at} take={() => take(s)} />
        ))}
      </ul>
      {fresh && found.error && <Problem error={found.error} retry={() => void found.refetch()} />}
      <p className="hint" role="status">
        {cited ? t('cited', { what: cited }) : fresh && found.data && (items.length === 0 ? t('search_none') : t('found_n', { n: items.length }))}
      </p>
    </div>
  )
}

function Row({ id, s, on, take }: { id: string; s: Statute; on: boolean; take: () => void }) {
  const part = excerpt(s.text, s.text_marks)
  useEffect(() => {
    if (on) document.getElementById(id)?.scrollIntoView({ block: 'nearest' })
  }, [on, id])
  return (
    <li role="option" id={id} aria-selected={on} onMouseDown={(e) => e.preventDefault()} onClick={take}>
      <b>
        <Marked text={s.law} marks={s.law_marks} /> {s.article}
      </b>
      <p className="hint">
        <Marked text={part.text} marks={part.marks} />
      </p>
    </li>
  )
}

function Marked({ text, marks }: { text: string; marks: Statute['text_marks'] }) {
  return (
    <>
      {pieces(text, marks).map((p, i) => (p.hit ? <mark key={i}>{p.text}</mark> : p.text))}
    </>
  )
}
