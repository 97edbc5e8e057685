// The real program, on a demonstration of its own, with an account for each role.
import { execFileSync, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const bin = process.env.ANSWERABLE_BIN ?? new URL('../../../build/bin', import.meta.url).pathname

/** The table of doors, as the program itself has it: [{method, path, signed_in, roles}]. */
export function doors() {
  return JSON.parse(execFileSync(join(bin, 'answerable-reports'), ['doors', '--format', 'json'], { encoding: 'utf8' }))
}

/** Starts `answerable serve --demo`: {address, accounts: {role: {email, password, key}}, stop()}. Without `data`, on a new demonstration. */
export async function start(data) {
  const folder = mkdtempSync(join(tmpdir(), 'answerable-pages-'))
  chmodSync(folder, 0o755)
  const child = spawn(join(bin, 'answerable'),
    ['serve', '--demo', '--data', data ?? join(folder, 'data'), '--keys', join(folder, 'keys'), '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'pipe'] })
  let told = '', log = ''
  child.stderr.on('data', (bytes) => { log += bytes })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes) => {
      told += bytes
      if (told.includes('outside-reader@')) resolve()
    })
    ended.then((code) => reject(new Error(`the service ended with ${code}: ${log.slice(-2000)}`)))
  })
  const accounts = {}
  for (const [, role, password, key] of told.matchAll(/^ {2}(\S+)@\S+ +(\S+)(?:.*app: (\S+))?$/gm))
    accounts[role] = { email: `${role}@demonstration.example`, password, key }
  return { address: told.match(/http:\/\/\S+/)[0].replace(/\/$/, ''), pid: child.pid, accounts, stop, log: () => log }
}

/** RFC 6238 by SHA-256. */
export function totp(key, at = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...key].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)))
  const code = createHmac('sha256', secret).update(step).digest()
  const from = code[31] & 15
  return String((code.readUInt32BE(from) & 0x7fffffff) % 1000000).padStart(6, '0')
}
