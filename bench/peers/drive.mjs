// Runs one Node peer: drive.mjs PEER MODE INPUT OUTPUT, as drive.py does. A peer exports mapOne(object).
import {closeSync, openSync, readFileSync, readSync, writeSync} from "node:fs"

const [name, mode, source, target] = process.argv.slice(2)
const seconds = since => (performance.now() - since) / 1000
const cpuNow = () => { const {user, system} = process.cpuUsage(); return (user + system) / 1e6 }

function* lines(path) { // several times faster than node:readline
  const file = openSync(path), chunk = Buffer.alloc(1 << 20)
  let rest = Buffer.alloc(0), size
  while ((size = readSync(file, chunk))) {
    const data = Buffer.concat([rest, chunk.subarray(0, size)])
    let from = 0, to
    while ((to = data.indexOf(10, from)) >= 0) yield data.toString("utf8", from, to), from = to + 1
    rest = data.subarray(from)
  }
}

let started = performance.now()
const {mapOne} = await import(`./${name}.mjs`)
const ready = seconds(started)

let n = 0, cpu
if (mode === "map") {
  const docs = readFileSync(source, "utf8").trimEnd().split("\n").map(line => JSON.parse(line))
  started = performance.now(), cpu = cpuNow()
  for (const doc of docs) {
    const result = mapOne(doc)
    if (result instanceof Promise) await result
    ++n
  }
} else {
  started = performance.now(), cpu = cpuNow()
  const out = openSync(target, "w")
  let pending = ""
  for (const line of lines(source)) {
    const result = await mapOne(JSON.parse(line))
    if (result) pending += JSON.stringify(result) + "\n"
    if (pending.length > 1 << 20) writeSync(out, pending), pending = ""
    ++n
  }
  writeSync(out, pending)
  closeSync(out)
}
const s = seconds(started)
const mb = readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s+(\d+)/)[1] / 1024
console.log(JSON.stringify({n, s, cpu: cpuNow() - cpu, ready, mb}))
