// What server.mjs gives to tests in TypeScript.

export interface Demo { password: string; totp_secret: string }
export interface Server { base: string; demo: Demo; stop: () => Promise<void> }

export function start(command: string[], logFile: string): Promise<Server>
export function until<T>(what: string, fn: () => Promise<T>): Promise<NonNullable<T>>
export function codeFor(base: string, phone: string): Promise<string>
export function totp(secret: string, at?: number): string
