// Places in words: one is chosen by province, city, county; a code of GB/T 2260 is
// told by its name. Nobody has to know the codes.

import { useState } from 'react'
import { regions } from '../../../shared/api'
import { useLoad, words } from '../app'
import { Choice, Field } from '../parts'

const useWords = words({
  province: ['省', '省', 'Province'],
  city: ['市', '市', 'City'],
  county: ['县（区）', '縣（區）', 'County'],
  unknown: ['不填', '不填', 'Not given'],
})

const levels = ['province', 'city', 'county'] as const

/** Province, city, county: tells the deepest that was chosen, '' for none. */
export function Place({ id, onChange }: { id: string; onChange: (code: string) => void }) {
  const [path, setPath] = useState<string[]>([])
  const put = (i: number, code: string) => {
    const next = [...path.slice(0, i), ...(code ? [code] : [])]
    setPath(next)
    onChange(next.at(-1) ?? '')
  }
  return (
    <div className="place">
      {levels.map((level, i) => i <= path.length && <Level key={level + (path[i - 1] ?? '')} id={id} level={level} parent={path[i - 1]} value={path[i] ?? ''} onChange={(code) => put(i, code)} />)}
    </div>
  )
}

const useRegions = (parent: string | undefined, wanted = true) => useLoad(['regions', parent ?? ''], () => regions(parent), 0, wanted).data?.items

function Level({ id, level, parent, value, onChange }: { id: string; level: (typeof levels)[number]; parent: string | undefined; value: string; onChange: (code: string) => void }) {
  const t = useWords()
  const list = useRegions(parent)
  if (list?.length === 0) return null
  return (
    <Field id={`${id}-${level}`} label={t(level)}>
      {(aria) => <Choice {...aria} value={value} all={t('unknown')} options={(list ?? []).map((r) => ({ value: r.code, label: r.name }))} onChange={onChange} />}
    </Field>
  )
}

/** The name of a code, with what it lies in; the code while it is not known. */
export function Named({ code }: { code: string }) {
  const province = code.slice(0, 2) + '0000'
  const city = code.slice(0, 4) + '00'
  const lists = [useRegions(undefined), useRegions(province, code !== province), useRegions(city, code !== city && code !== province)]
  const names = [province, city, code].filter((c, i, all) => all.indexOf(c) === i).map((c) => lists.flatMap((l) => l ?? []).find((r) => r.code === c)?.name)
  return <>{names.at(-1) ? names.filter(Boolean).join(' ') : code}</>
}

/** Several codes by name; '*' is everywhere. */
export function Places({ of, all }: { of: readonly string[]; all: string }) {
  return of.map((c, i) => (
    <span key={c}>
      {i > 0 && ' · '}
      {c === '*' ? all : <Named code={c} />}
    </span>
  ))
}
