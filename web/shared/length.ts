// The length of a lawyer's own text (自有字数), B6.2.1.2b: each Han character
// counts 1, each run of other letters or digits (a word, a number) counts 1,
// punctuation and spaces count nothing. The same count as Go's text.Own; the
// server decides, this only shows while one types.

const unit = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+/gu

export const own = (s: string): number => s.normalize('NFC').match(unit)?.length ?? 0

/** The least own length that is accepted: "exceeds 50". */
export const enough = 51
