// Step 1 (place) and step 2 (question and kind of problem).

import { useEffect, useState } from 'preact/hooks'
import * as api from '../../shared/api'
import type { Coded } from '../../shared/types'
import { useApp, useLoad, useSay } from './app'
import type { Draft } from './askdraft'
import { AddFiles, type FilesProps } from './files'
import { Field, Problem } from './parts'

interface Props {
  d: Draft
  put: (c: Partial<Draft>) => void
  errors: Record<string, string>
}

const none: Coded[] = []

function useRegions(parent: string, wanted: boolean) {
  const { lang } = useApp()
  return useLoad(async () => (wanted ? (await api.regions(parent || undefined)).items : none), [parent, wanted, lang])
}

export function RegionStep({ d, put, errors }: Props) {
  const t = useSay()
  const provinces = useRegions('', true)
  const cities = useRegions(d.province, d.province !== '')
  const counties = useRegions(d.city, d.city !== '')
  const name = (list: Coded[] | undefined, code: string) => list?.find((r) => r.code === code)?.name ?? ''

  // The place is complete when the finest list there is has been chosen from.
  const complete =
    d.province !== '' &&
    cities.data !== undefined &&
    (cities.data.length === 0 || (d.city !== '' && counties.data !== undefined && (counties.data.length === 0 || d.county !== '')))
  const place = complete
    ? [...new Set([name(provinces.data, d.province), name(cities.data, d.city), name(counties.data, d.county)])].filter(Boolean).join(' ')
    : ''
  useEffect(() => {
    if (provinces.data && place !== d.place) put({ place })
  }, [place, provinces.data])

  const choice = (id: 'province' | 'city' | 'county', list: Coded[] | undefined, pick: (code: string) => void) => (
    <Field id={id} label={t(id)} error={errors[id]}>
      {(aria) => (
        <select {...aria} value={d[id]} disabled={!list} onChange={(e) => pick(e.currentTarget.value)}>
          <option value="">{list ? t('choose') : t('loading')}</option>
          {list?.map((r) => (
            <option key={r.code} value={r.code}>
              {r.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
  return (
    <>
      <Problem error={provinces.error || cities.error || counties.error} retry={() => [provinces, cities, counties].forEach((l) => l.error && l.reload())} />
      {choice('province', provinces.data, (province) => put({ province, city: '', county: '', place: '' }))}
      {d.province !== '' && cities.data?.length !== 0 && choice('city', cities.data, (city) => put({ city, county: '', place: '' }))}
      {d.city !== '' && counties.data?.length !== 0 && choice('county', counties.data, (county) => put({ county }))}
    </>
  )
}

/** Suggested kinds for the question, asked for when typing rests. */
function useSuggestions(question: string): Coded[] {
  const { lang } = useApp()
  const [list, setList] = useState<Coded[]>(none)
  useEffect(() => {
    if (question.trim().length < 4) {
      setList(none)
      return
    }
    let dead = false
    const timer = setTimeout(() => {
      api.suggest(question).then(
        (r) => !dead && setList(r.items),
        () => {}, // no suggestion is no error: the full list stands below
      )
    }, 500)
    return () => {
      dead = true
      clearTimeout(timer)
    }
  }, [question, lang])
  return list
}

export function QuestionStep({ d, put, putFiles, errors }: Props & { putFiles: FilesProps['put'] }) {
  const t = useSay()
  const { lang, me } = useApp()
  const types = useLoad(async () => (await api.problemTypes()).items, [lang])
  const suggested = useSuggestions(d.question)
  const pick = (code: string) => put({ type: code, typeName: types.data?.find((x) => x.code === code)?.name ?? suggested.find((x) => x.code === code)?.name ?? '' })
  useEffect(() => {
    if (types.data && d.type) pick(d.type) // the name in the language now chosen
  }, [types.data])
  return (
    <>
      <Field id="question" label={t('question')} hint={t('question_hint')} error={errors.question}>
        {(aria) => <textarea {...aria} rows={8} value={d.question} onInput={(e) => put({ question: e.currentTarget.value })} />}
      </Field>
      <div class="suggest" aria-live="polite">
        {suggested.length > 0 && (
          <div role="group" aria-label={t('type')}>
            <p>{t('type_suggested')}</p>
            {suggested.map((s) => (
              <button type="button" key={s.code} class="chip" aria-pressed={d.type === s.code} onClick={() => pick(s.code)}>
                {s.name}
              </button>
            ))}
          </div>
        )}
      </div>
      <Problem error={types.error} retry={types.reload} />
      <Field id="type" label={t('type')} error={errors.type}>
        {(aria) => (
          <select {...aria} value={d.type} disabled={!types.data} onChange={(e) => pick(e.currentTarget.value)}>
            <option value="">{types.data ? t('choose') : t('loading')}</option>
            {types.data?.map((x) => (
              <option key={x.code} value={x.code}>
                {x.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <AddFiles order={d.id} list={d.files} put={putFiles} ready={!!me} error={errors.files} />
    </>
  )
}
